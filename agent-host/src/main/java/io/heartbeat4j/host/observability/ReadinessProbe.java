package io.heartbeat4j.host.observability;

import io.heartbeat4j.client.PaperclipClient;
import io.heartbeat4j.protocol.ServerHealth;
import io.heartbeat4j.storage.Storage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks every server whether it is ready, and the storage whether it answers. Callers share an answer for a while, because
 * anybody may ask and each question is a request to the servers. Confined to the host's event loop.
 */
public final class ReadinessProbe {

  private static final long TIMEOUT_SECONDS = 3;
  private static final long KEPT_MILLIS = 2_000;

  private final Supplier<Collection<PaperclipClient>> servers;
  private final Storage storage;
  private @Nullable Future<Boolean> latest;

  public ReadinessProbe(Supplier<Collection<PaperclipClient>> servers, Storage storage) {
    this.servers = servers;
    this.storage = storage;
  }

  /** Whether every server is ready and wakes can be kept; never fails. */
  Future<Boolean> isReady(Vertx vertx) {
    Future<Boolean> known = latest;
    if (known != null) {
      return known;
    }
    Future<Boolean> asked = ask();
    latest = asked;
    asked.onComplete(answered -> vertx.setTimer(KEPT_MILLIS, old -> latest = null));
    return asked;
  }

  private Future<Boolean> ask() {
    List<Future<ServerHealth>> asked = servers.get().stream()
        .map(server -> server.health().timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)).toList();
    Future<?> stored = storage.list("readiness").timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    return Future.all(Future.all(asked), stored)
        .map(answered -> asked.stream().allMatch(health -> health.result().isReady()))
        .otherwise(false);
  }
}
