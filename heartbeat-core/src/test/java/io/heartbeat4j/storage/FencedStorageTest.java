package io.heartbeat4j.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FencedStorageTest {

  private final AtomicBoolean valid = new AtomicBoolean(true);

  @Test
  void passes_calls_on_while_the_claims_stand_and_none_afterwards(@TempDir Path directory) {
    Storage below = new FileStorage(directory, Runnable::run, Clock.systemUTC());
    Storage fenced = new FencedStorage(below, valid::get);
    fenced.replace("a/one", "before".getBytes(UTF_8)).toCompletionStage().toCompletableFuture().join();

    valid.set(false);

    List<Future<?>> refused = List.of(
        fenced.replace("a/one", "after".getBytes(UTF_8)), fenced.append("a/one", new byte[1]), fenced.read("a/one"),
        fenced.list("a"), fenced.folders("a"), fenced.claim("a/one"), fenced.claimAll("a"),
        fenced.expire("a", Duration.ZERO));
    assertThat(refused).allSatisfy(call -> assertThat(call.cause()).isInstanceOf(ClaimLostException.class));
    assertThat(below.read("a/one").toCompletionStage().toCompletableFuture().join().orElseThrow())
        .isEqualTo("before".getBytes(UTF_8));
  }
}
