package io.heartbeat4j.host.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.Guice;
import io.heartbeat4j.heartbeat.Heartbeat;
import io.heartbeat4j.heartbeat.HeartbeatModule;
import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.heartbeat4j.heartbeat.event.Step;
import io.heartbeat4j.host.config.HostLimits;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.storage.HostFileStorage;
import io.heartbeat4j.storage.StorageSession;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Events of many heartbeats on one event loop. */
class RunCoordinatorTest {

  @TempDir
  Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  private RunCoordinator coordinator() throws IOException {
    Redactor redactor = Redactor.of(List.of());
    StorageSession storage = HostFileStorage.open(directory, List.of(), Runnable::run, Clock.systemUTC());
    HeartbeatExecutor executor = new HeartbeatExecutor(
        Guice.createInjector(new HeartbeatModule(vertx, Clock.systemUTC(), redactor)).getInstance(Heartbeat.class),
        await(EventLoopPool.open(vertx, 1)), redactor, Clock.systemUTC(), Duration.ZERO, failure -> 70);
    return RunCoordinator.over(storage, "the directory", directory, loop, Clock.systemUTC(),
        new HostLimits(1, 1, Map.of(), Map.of(), 1, 1, Duration.ZERO), executor, List.of());
  }

  private static HeartbeatEvent line(int number) {
    return new HeartbeatEvent(Instant.EPOCH, RunId.of(new UUID(0, 1).toString()), new AgentId(new UUID(0, 2)),
        Step.DO_THE_WORK, HeartbeatEvent.Kind.PROGRESS, Optional.empty(), Optional.empty(), "line " + number);
  }

  @Test
  @Timeout(60)
  void a_worker_waits_while_too_many_of_its_lines_are_not_handled() throws Exception {
    RunCoordinator coordinator = coordinator();
    CountDownLatch free = new CountDownLatch(1);
    loop.runOnContext(busy -> {
      try {
        free.await();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    });
    AtomicInteger told = new AtomicInteger();
    Thread worker = new Thread(() -> {
      for (int i = 0; i < 5_000; i++) {
        coordinator.eventRouter().on(line(i));
        told.incrementAndGet();
      }
    });

    worker.start();

    while (worker.getState() != Thread.State.WAITING) {
      assertThat(worker.getState()).as("after " + told + " lines").isNotEqualTo(Thread.State.TERMINATED);
      Thread.onSpinWait();
    }
    assertThat(told).hasValue(1_000);
    free.countDown();
    worker.join();
    assertThat(told).hasValue(5_000);
  }
}
