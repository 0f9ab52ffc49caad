package io.heartbeat4j.host.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.protocol.RunId;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs of an earlier host whose tokens are stored nowhere. */
class RunsAwaitingTokenTest {

  private final Vertx vertx = Vertx.vertx();
  private final BlockingQueue<StoredRun> givenUp = new LinkedBlockingQueue<>();
  private final RunsAwaitingToken awaiting = new RunsAwaitingToken(vertx, Duration.ofMillis(50), givenUp::add);

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private static StoredRun stored() {
    return new StoredRun(RunId.of(UUID.randomUUID().toString()), "wren", null, WakeChannel.EXTERNAL_ADAPTER,
        Instant.EPOCH, null);
  }

  @Test
  void a_run_that_nobody_asks_for_again_is_given_up_and_one_that_goes_on_is_not() throws InterruptedException {
    StoredRun goesOn = stored();
    StoredRun left = stored();
    awaiting.addClaimed(goesOn);
    assertThat(awaiting.claimed(goesOn.run())).contains(goesOn);
    awaiting.remove(goesOn.run());

    awaiting.addClaimed(left);

    assertThat(givenUp.poll(60, TimeUnit.SECONDS)).isEqualTo(left);
    assertThat(givenUp).isEmpty();
    assertThat(awaiting.claimed(left.run())).isEmpty();
  }
}
