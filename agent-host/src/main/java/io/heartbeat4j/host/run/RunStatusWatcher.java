package io.heartbeat4j.host.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.client.PaperclipClient;
import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.protocol.CompanyId;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.protocol.RunStatus;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Detects runs that the board has ended, which the gateway's adapter does not report, and pause holds that it has
 * released. Subscribes to the company's live events with an agent's key (contract section 1), and polls each live run
 * while there is no such connection; runs of agents without a key less often. Confined to the host's event loop.
 */
public final class RunStatusWatcher implements RunListener {

  private static final Logger LOG = LoggerFactory.getLogger(RunStatusWatcher.class);
  private static final String RUN_STATUS = "heartbeat.run.status";
  private static final String HOLD_RELEASED = "issue.tree_hold_released";
  private static final long POLL_MILLIS = 1_500;
  private static final int KEYLESS_POLLS = 10; // every so many polls: the adapter that follows such a run stops it itself
  private static final long RECONNECT_MILLIS = 10_000;
  private static final int MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

  /** The server pings every 30 s; where it is silent for longer its runs are asked for one by one. */
  private static final int MAX_SILENCE_SECONDS = 75;

  private record CompanyKey(ServerUrl server, CompanyId id) {}

  private final Vertx vertx;
  private final WebSocketClient client;
  private final Map<CompanyKey, EventSubscription> subscriptions = new HashMap<>();
  private @Nullable RunCoordinator runCoordinator;
  private BiConsumer<HostedAgent, IssueId> onHoldReleased = (agent, issue) -> {};
  private long polls;
  private boolean closed;

  public RunStatusWatcher(Vertx vertx) {
    this.vertx = vertx;
    this.client = vertx.createWebSocketClient(new WebSocketClientOptions()
        .setMaxFrameSize(MAX_MESSAGE_BYTES).setMaxMessageSize(MAX_MESSAGE_BYTES).setConnectTimeout(5_000)
        .setIdleTimeout(MAX_SILENCE_SECONDS));
    vertx.setPeriodic(POLL_MILLIS, tick -> pollUnsubscribed());
  }

  /**
   * The receivers; set once before the first run.
   *
   * @param onHoldReleased is told the issue whose pause hold the board has released, with an agent of its company
   */
  public void attach(RunCoordinator runCoordinator, BiConsumer<HostedAgent, IssueId> onHoldReleased) {
    this.runCoordinator = runCoordinator;
    this.onHoldReleased = onHoldReleased;
  }

  /** Closes the connections and stops reconnecting. */
  public void close() {
    closed = true;
  }

  @Override
  public void accepted(HostedRun run) {
    if (run.agent().key().isEmpty()) {
      return; // the server accepts no run's token here (contract section 1)
    }
    PaperclipClient server = run.agent().server();
    subscriptions
        .computeIfAbsent(new CompanyKey(server.url(), run.identity().company()),
            companyKey -> new EventSubscription(companyKey, run.agent()))
        .connect();
  }

  private void pollUnsubscribed() {
    RunCoordinator told = runCoordinator;
    if (told == null) {
      return;
    }
    boolean keylessToo = polls++ % KEYLESS_POLLS == 0;
    for (HostedRun run : told.live()) {
      if (run.agent().key().isEmpty() && !keylessToo) {
        continue;
      }
      EventSubscription eventSubscription = subscriptions
          .get(new CompanyKey(run.agent().server().url(), run.identity().company()));
      if (eventSubscription == null || eventSubscription.socket == null) {
        pollStatus(told, run);
      }
    }
  }

  private static void pollStatus(RunCoordinator told, HostedRun run) {
    run.agent().server().session(run.token()).run(run.id())
        .onSuccess(now -> onStatus(told, run.id(), now.status()))
        .onFailure(failure -> LOG.debug("run {} could not be asked for", run.id(), failure));
  }

  private static void onStatus(@Nullable RunCoordinator told, RunId run, RunStatus status) {
    if (told != null && status.isOver()) {
      told.stopEndedOnServer(run, status);
    }
  }

  /** The subscription to the live events of one company. */
  private final class EventSubscription {

    private final CompanyKey companyKey;
    private final HostedAgent subscriber;
    private @Nullable WebSocket socket;
    private boolean connecting;

    EventSubscription(CompanyKey companyKey, HostedAgent as) {
      this.companyKey = companyKey;
      this.subscriber = as;
    }

    void connect() {
      if (closed || connecting || socket != null) {
        return;
      }
      connecting = true;
      ServerUrl server = companyKey.server();
      client.connect(new WebSocketConnectOptions()
          .setHost(server.host()).setPort(server.port()).setSsl(server.scheme().equals("https"))
          .setURI(server.basePath() + "/api/companies/" + companyKey.id() + "/events/ws")
          .putHeader(HttpHeaders.AUTHORIZATION, "Bearer " + subscriber.key().orElseThrow().reveal()))
          .onSuccess(this::onConnected)
          .onFailure(failure -> {
            LOG.debug("no live events of company {}: its runs are asked for instead", companyKey.id(), failure);
            vertx.setTimer(RECONNECT_MILLIS, again -> {
              connecting = false;
              connect();
            });
          });
    }

    private void onConnected(WebSocket open) {
      connecting = false;
      socket = open;
      open.textMessageHandler(this::onMessage);
      open.closeHandler(closed -> {
        socket = null;
        connect();
      });
      RunCoordinator told = runCoordinator;
      if (told != null) { // events during the interruption were missed
        told.live().stream().filter(run -> run.identity().company().equals(companyKey.id()))
            .forEach(run -> pollStatus(told, run));
      }
    }

    private void onMessage(String text) {
      if (!text.contains(RUN_STATUS) && !text.contains(HOLD_RELEASED)) {
        return;
      }
      try {
        JsonNode event = ProtocolJson.mapper().readTree(text);
        JsonNode payload = event.path("payload");
        if (event.path("type").asText().equals(RUN_STATUS)) {
          onStatus(runCoordinator, RunId.of(payload.path("runId").asText()),
              new RunStatus(payload.path("status").asText()));
        } else if (payload.path("action").asText().equals(HOLD_RELEASED)) {
          onHoldReleased.accept(subscriber, IssueId.of(payload.path("entityId").asText()));
        }
      } catch (JsonProcessingException | IllegalArgumentException odd) {
        LOG.debug("an odd live event", odd);
      }
    }
  }
}
