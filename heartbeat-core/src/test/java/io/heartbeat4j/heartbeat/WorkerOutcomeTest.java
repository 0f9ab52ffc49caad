package io.heartbeat4j.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.heartbeat.work.WorkLimits;
import io.heartbeat4j.worker.WorkResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** However a worker ends, its issue is left in a state with a word that a manager can act on. */
class WorkerOutcomeTest {

  private static final Duration LONG = Duration.ofMinutes(5);

  private final HeartbeatFixture fixture = new HeartbeatFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private void assertBlockedWith(String issue, String words) {
    assertThat(fixture.status(issue)).isEqualTo("blocked");
    assertThat(fixture.agentComments(issue)).singleElement().asString()
        .contains(words).doesNotContain("\tat ").doesNotContain(".java:");
    assertThat(fixture.cards(issue)).hasSize(1);
  }

  @Test
  void an_error_is_told_by_its_name_and_message() {
    String agent = fixture.agent("Wren", context -> {
      throw new StackOverflowError("made by a test");
    });

    String issue = fixture.assigned("Recurse", agent);

    assertThat(fixture.nextOutcome().summary()).endsWith("is blocked");
    assertBlockedWith(issue, "StackOverflowError: made by a test");
  }

  @Test
  void a_worker_that_never_shows_a_sign_of_life_is_stopped_by_the_start_up_clock() {
    fixture.limits = new WorkLimits(LONG, Duration.ZERO, Duration.ofMillis(50), Duration.ofMillis(200));
    String agent = fixture.agent("Wren", context -> {
      new CountDownLatch(1).await();
      return new WorkResult.Done("never");
    });

    String issue = fixture.assigned("Start", agent);

    assertThat(fixture.nextOutcome().summary()).endsWith("is blocked");
    assertBlockedWith(issue, "no sign of life within");
  }

  @Test
  void a_worker_that_has_shown_one_may_be_silent_for_longer_than_the_start_up_clock() {
    Duration startUp = Duration.ofMillis(300);
    fixture.limits = new WorkLimits(LONG, Duration.ZERO, Duration.ofMillis(50), startUp);
    CountDownLatch past = new CountDownLatch(1);
    String agent = fixture.agent("Wren", context -> {
      fixture.vertx.setTimer(startUp.toMillis() / 2, half -> context.run().reportProgress("I am here."));
      fixture.vertx.setTimer(startUp.multipliedBy(2).toMillis(), due -> past.countDown());
      past.await();
      return new WorkResult.Done("Done.");
    });

    String issue = fixture.assigned("Start", agent);

    assertThat(fixture.nextOutcome().summary()).endsWith("is done");
    assertThat(fixture.agentComments(issue)).containsExactly("Done.");
  }

  @Test
  void the_scratch_directory_of_a_run_is_deleted_when_its_work_has_ended() {
    AtomicReference<Path> scratch = new AtomicReference<>();
    String agent = fixture.agent("Wren", context -> {
      Path directory = context.workspace().scratchDirectory();
      scratch.set(directory);
      Files.writeString(Files.createDirectory(directory.resolve("inner")).resolve("draft.txt"), "A draft.");
      throw new IllegalStateException("It failed with files in its scratch directory.");
    });

    fixture.assigned("Draft", agent);

    assertThat(fixture.nextOutcome().summary()).endsWith("is blocked");
    assertThat(scratch.get()).doesNotExist();
  }

  @Test
  void a_worker_that_heeds_a_cancellation_settles_with_its_own_result() {
    CountDownLatch asked = new CountDownLatch(1);
    fixture.limits = new WorkLimits(LONG, Duration.ZERO, LONG);
    String agent = fixture.agent("Wren", context -> {
      context.run().cancellation().onRequested(asked::countDown);
      fixture.cancel("the server stopped the run");
      asked.await();
      return new WorkResult.Done("Done in time.");
    });

    String issue = fixture.assigned("Long", agent);

    assertThat(fixture.nextOutcome().summary()).endsWith("is done");
    assertThat(fixture.agentComments(issue)).containsExactly("Done in time.");
  }

  /** An agent whose worker stops as soon as it is asked to. */
  private String obedient(Runnable begin) {
    CountDownLatch asked = new CountDownLatch(1);
    return fixture.agent("Wren", context -> {
      context.run().cancellation().onRequested(asked::countDown);
      begin.run();
      asked.await();
      throw new CancellationException();
    });
  }

  @Test
  void a_worker_that_heeds_its_time_limit_is_blocked_for_the_limit() {
    fixture.limits = new WorkLimits(Duration.ofMillis(200), Duration.ZERO, LONG);

    String issue = fixture.assigned("Long", obedient(() -> {}));

    assertThat(fixture.nextOutcome().summary()).endsWith("is blocked");
    assertBlockedWith(issue, "**Blocked: the time limit was reached.** It took longer than");
  }

  @Test
  void a_worker_that_heeds_the_limit_of_silence_is_blocked_for_its_silence() {
    fixture.limits = new WorkLimits(LONG, Duration.ofMillis(200), LONG);

    String issue = fixture.assigned("Silent", obedient(() -> {}));

    assertThat(fixture.nextOutcome().summary()).endsWith("is blocked");
    assertBlockedWith(issue, "**Blocked: the work gave no sign of life.** There was no sign of life for");
  }

  @Test
  void a_worker_that_heeds_a_cancellation_with_an_exception_is_blocked_for_its_reason() {
    fixture.limits = new WorkLimits(LONG, Duration.ZERO, LONG);

    String issue = fixture.assigned("Stopped", obedient(() -> fixture.cancel("the server stopped the run")));

    assertThat(fixture.nextOutcome().summary()).endsWith("is blocked");
    assertBlockedWith(issue, "**Stopped: the work was cut short.** the server stopped the run");
  }
}
