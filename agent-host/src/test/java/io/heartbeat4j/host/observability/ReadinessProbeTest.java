package io.heartbeat4j.host.observability;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.storage.FencedStorage;
import io.heartbeat4j.storage.FileStorage;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadinessProbeTest {

  private final Vertx vertx = Vertx.vertx();

  @TempDir
  Path directory;

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void is_not_ready_when_the_storage_can_not_be_asked() {
    assertThat(isReady(true)).isTrue();
    assertThat(isReady(false)).isFalse();
  }

  private boolean isReady(boolean storageAnswers) {
    FileStorage files = new FileStorage(directory, Runnable::run, Clock.systemUTC());
    return new ReadinessProbe(List::of, new FencedStorage(files, () -> storageAnswers)).isReady(vertx)
        .toCompletionStage().toCompletableFuture().join();
  }
}
