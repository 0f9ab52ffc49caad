package io.heartbeat4j.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.embedded.EmbeddedPaperclip;
import io.heartbeat4j.embedded.InProcessWake;
import io.heartbeat4j.embedded.SeededCompany;
import io.heartbeat4j.heartbeat.outcome.HeartbeatOutcome;
import io.heartbeat4j.heartbeat.outcome.WorkFailure;
import io.heartbeat4j.heartbeat.wake.EnvironmentWakeReader;
import io.heartbeat4j.heartbeat.work.WorkerSource;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.Worker;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HeartbeatRunnerTest {

  private final Vertx vertx = Vertx.vertx();
  private final EmbeddedPaperclip server = await(EmbeddedPaperclip.start(vertx));
  private final SeededCompany company = await(SeededCompany.create(server.board(), "Acme", "Worker", Map.of()));
  private final CountDownLatch working = new CountDownLatch(1);
  private final BlockingQueue<String> interrupted = new LinkedBlockingQueue<>();
  private final List<String> events = new CopyOnWriteArrayList<>();

  @TempDir
  private Path directory;

  /** Works until its thread is interrupted or it is asked to stop. */
  private final Worker patient = context -> {
    CountDownLatch asked = new CountDownLatch(1);
    context.run().cancellation().onRequested(asked::countDown);
    working.countDown();
    try {
      asked.await();
    } catch (InterruptedException killed) {
      interrupted.add("interrupted");
    }
    throw new InterruptedException();
  };

  @AfterEach
  void close() {
    await(server.close());
    await(vertx.close());
  }

  @Test
  void an_issue_is_worked_on_the_threads_of_the_application() {
    String issue = issue();
    HeartbeatRunner runner = runner(() -> context -> new WorkResult.Done("seen to"));

    HeartbeatOutcome outcome = await(start(runner, wake(issue)).outcome());

    assertThat(outcome.summary()).contains("is done");
    assertThat(status(issue)).isEqualTo("done");
    assertThat(events).isNotEmpty();
    await(runner.close());
  }

  @Test
  void a_wake_that_is_delivered_twice_is_one_heartbeat() throws Exception {
    HeartbeatRunner runner = runner(() -> patient);
    InProcessWake wake = wake(issue());
    RunningHeartbeat first = start(runner, wake);
    working.await();

    assertThat(start(runner, wake)).isSameAs(first);

    await(runner.close());
  }

  @Test
  void after_a_close_the_work_has_ended_its_issue_waits_for_a_later_heartbeat_and_no_heartbeat_begins()
      throws Exception {
    String issue = issue();
    List<String> retired = new CopyOnWriteArrayList<>();
    HeartbeatRunner runner = runner(new WorkerSource() {
      @Override
      public Worker worker() {
        return patient;
      }

      @Override
      public void retire() {
        retired.add("retired");
      }
    });
    InProcessWake wake = wake(issue);
    RunningHeartbeat running = start(runner, wake);
    working.await();

    await(runner.close());

    assertThat(running.outcome().isComplete()).isTrue();
    assertThat(retired).containsExactly("retired");
    assertThat(interrupted).isEmpty();
    assertThat(status(issue)).isEqualTo("in_review");
    assertThat(await(server.board().readIssue(issue)).path("monitorNextCheckAt").isTextual()).isTrue();
    assertThat(await(start(runner, wake).outcome().transform(Future::succeededFuture)).cause())
        .hasMessageContaining("closed");
  }

  @Test
  void a_cancelled_heartbeat_settles_its_issue_with_the_reason() throws Exception {
    String issue = issue();
    HeartbeatRunner runner = runner(() -> patient);
    RunningHeartbeat running = start(runner, wake(issue));
    working.await();

    assertThat(running.cancel(new WorkFailure(WorkFailure.Kind.THREW, "Enough of it."))).isTrue();

    assertThat(await(running.outcome()).summary()).contains("blocked");
    assertThat(await(server.board().comments(issue)).toString()).contains("Enough of it.");
    await(runner.close());
  }

  @Test
  void after_a_kill_the_worker_is_interrupted_and_nothing_is_written_until_the_next_heartbeat() throws Exception {
    String issue = issue();
    HeartbeatRunner runner = runner(() -> patient);
    RunningHeartbeat running = start(runner, wake(issue));
    working.await();
    int written = server.requests().all().size();

    runner.kill();

    assertThat(interrupted.poll(30, TimeUnit.SECONDS)).isEqualTo("interrupted");
    assertThat(await(running.outcome().transform(Future::succeededFuture)).failed()).isTrue();
    assertThat(server.requests().all()).hasSize(written);
    assertThat(status(issue)).isEqualTo("in_progress");
  }

  private HeartbeatRunner runner(WorkerSource worker) {
    return HeartbeatRunner.builder(vertx, worker, directory).listener(event -> events.add(event.message())).build();
  }

  private static RunningHeartbeat start(HeartbeatRunner runner, InProcessWake wake) {
    return runner.start(EnvironmentWakeReader.read(wake.environment()));
  }

  private String issue() {
    return await(server.board().createIssue(company.id(), "Water the plants", Map.of())).path("id").asText();
  }

  /** The wake of the agent to which the issue is given; its run goes on until the test ends. */
  private InProcessWake wake(String issue) {
    BlockingQueue<InProcessWake> wakes = new LinkedBlockingQueue<>();
    server.setWakeHandler(company.agent(), wake -> {
      wakes.add(wake);
      return Promise.<Integer>promise().future();
    });
    await(server.board().updateIssue(issue, Map.of("assigneeAgentId", company.agent(), "status", "todo")));
    try {
      return Objects.requireNonNull(wakes.poll(30, TimeUnit.SECONDS), "the agent was not woken");
    } catch (InterruptedException hurried) {
      throw new IllegalStateException(hurried);
    }
  }

  private String status(String issue) {
    return await(server.board().readIssue(issue)).path("status").asText();
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }
}
