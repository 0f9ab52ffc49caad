package io.heartbeat4j.host.observability;

import io.heartbeat4j.client.PaperclipClient;
import io.heartbeat4j.client.PermanentFailure;
import io.heartbeat4j.client.ServerUrl;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows which Paperclip servers have not answered for a while. Each is asked for its health again and again, one
 * question at a time; a refusal is an answer too. Also a server that accepts connections and never answers counts as
 * silent. Confined to the host's event loop.
 */
public final class ServerOutages {

  private static final Logger LOG = LoggerFactory.getLogger(ServerOutages.class);

  private final Vertx vertx;
  private final Clock clock;
  private final Supplier<Collection<PaperclipClient>> servers;
  private final Duration tolerated;
  private final long intervalMillis;
  private final Consumer<List<String>> listener;
  private final Map<ServerUrl, Instant> lastAnswers = new HashMap<>();
  private final Set<ServerUrl> asked = new HashSet<>();
  private Set<ServerUrl> down = Set.of();

  /**
   * @param tolerated how long a server may be silent before that is told
   * @param interval between two looks
   * @param listener receives the addresses of the silent servers whenever they change
   */
  public ServerOutages(Vertx vertx, Clock clock, Supplier<Collection<PaperclipClient>> servers, Duration tolerated,
      Duration interval, Consumer<List<String>> listener) {
    this.vertx = vertx;
    this.clock = clock;
    this.servers = servers;
    this.tolerated = tolerated;
    this.intervalMillis = interval.toMillis();
    this.listener = listener;
  }

  /** Looks now, and from now on. */
  public void watch() {
    servers.get().forEach(this::ask);
    update();
    vertx.setTimer(intervalMillis, due -> watch());
  }

  /** The addresses of the servers that have been silent for longer than is tolerated. */
  public List<String> down() {
    return down.stream().map(ServerUrl::toString).sorted().toList();
  }

  private void ask(PaperclipClient server) {
    lastAnswers.putIfAbsent(server.url(), clock.instant());
    if (asked.add(server.url())) {
      server.health().<Void>mapEmpty()
          .recover(failure -> failure instanceof PermanentFailure
              ? Future.succeededFuture()
              : Future.failedFuture(failure))
          .onSuccess(answered -> lastAnswers.put(server.url(), clock.instant()))
          .onComplete(over -> {
            asked.remove(server.url());
            update();
          });
    }
  }

  private void update() {
    Set<ServerUrl> now = new HashSet<>();
    lastAnswers.forEach((url, at) -> {
      if (!Duration.between(at, clock.instant()).minus(tolerated).isNegative()) {
        now.add(url);
      }
    });
    if (now.equals(down)) {
      return;
    }
    Set<ServerUrl> before = down;
    down = Set.copyOf(now);
    now.stream().filter(url -> !before.contains(url)).forEach(url -> LOG.warn(
        "the Paperclip server {} has not answered for {} s: running work goes on, and its results are written when the"
            + " server is back; look whether it runs and can be reached from this machine",
        url, tolerated.toSeconds()));
    before.stream().filter(url -> !now.contains(url))
        .forEach(url -> LOG.info("the Paperclip server {} answers again", url));
    listener.accept(down());
  }
}
