package io.heartbeat4j.host.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.protocol.RunId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs whose adapter is gone. */
class UnfollowedRunsTest {

  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();
  private final BlockingQueue<RunId> unfollowed = new LinkedBlockingQueue<>();
  private final UnfollowedRuns runs = new UnfollowedRuns(vertx, Duration.ofMillis(50), unfollowed::add);
  private final RunId run = RunId.of(UUID.randomUUID().toString());
  private final Promise<String> completion = Promise.promise();

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private void on(Runnable action) {
    Future.<Void>future(done -> loop.runOnContext(now -> {
      action.run();
      done.complete();
    })).toCompletionStage().toCompletableFuture().join();
  }

  /** Time passes for a run beside it that nobody follows. */
  private void waitForAnother() throws InterruptedException {
    RunId other = RunId.of(UUID.randomUUID().toString());
    on(() -> runs.accepted(other, Promise.promise().future()));
    assertThat(unfollowed.poll(60, TimeUnit.SECONDS)).isEqualTo(other);
  }

  @Test
  void a_run_that_nobody_comes_to_follow_is_noticed() throws InterruptedException {
    on(() -> runs.accepted(run, completion.future()));

    assertThat(unfollowed.poll(60, TimeUnit.SECONDS)).isEqualTo(run);
  }

  @Test
  void a_run_is_noticed_when_its_last_follower_is_gone() throws InterruptedException {
    on(() -> {
      runs.accepted(run, completion.future());
      runs.followed(run, completion.future());
      runs.followed(run, completion.future());
      runs.left(run);
    });
    waitForAnother();

    on(() -> runs.left(run));

    assertThat(unfollowed.poll(60, TimeUnit.SECONDS)).isEqualTo(run);
  }

  @Test
  void a_follower_that_comes_again_keeps_the_run() throws InterruptedException {
    on(() -> {
      runs.accepted(run, completion.future());
      runs.followed(run, completion.future());
      runs.left(run);
      runs.accepted(run, completion.future());
      runs.followed(run, completion.future());
    });

    waitForAnother();
    assertThat(unfollowed).isEmpty();
  }

  @Test
  void a_run_that_ended_with_its_follower_is_not_noticed() throws InterruptedException {
    on(() -> {
      runs.followed(run, completion.future());
      completion.complete("over");
      runs.left(run);
    });

    waitForAnother();
    assertThat(unfollowed).isEmpty();
  }

  @Test
  void a_run_that_is_over_is_not_noticed() throws InterruptedException {
    on(() -> {
      runs.accepted(run, completion.future());
      completion.complete("over");
    });

    waitForAnother();
    assertThat(unfollowed).isEmpty();
  }
}
