package io.heartbeat4j.host.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.client.Paperclip;
import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.protocol.CompanyId;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the board has ended a run: the gateway's adapter does not say so. It listens to the company's live events,
 * for which an agent's key is enough (contract section 1), and asks for each live run while that connection is not there.
 * Confined to the host's event loop.
 */
public final class BoardWatch implements RunsListener {

  private static final Logger LOG = LoggerFactory.getLogger(BoardWatch.class);
  private static final long ASK_MILLIS = 1_500;
  private static final long RECONNECT_MILLIS = 10_000;
  private static final int LARGEST_MESSAGE = 4 * 1024 * 1024;

  private record Company(ServerUrl server, CompanyId id) {}

  private final Vertx vertx;
  private final WebSocketClient client;
  private final Map<Company, Listening> companies = new HashMap<>();
  private @Nullable Runs runs;
  private boolean closed;

  public BoardWatch(Vertx vertx) {
    this.vertx = vertx;
    this.client = vertx.createWebSocketClient(new WebSocketClientOptions()
        .setMaxFrameSize(LARGEST_MESSAGE).setMaxMessageSize(LARGEST_MESSAGE).setConnectTimeout(5_000));
    vertx.setPeriodic(ASK_MILLIS, tick -> askForTheUnheard());
  }

  /** Whom to tell; set once before the first run. */
  public void tell(Runs runs) {
    this.runs = runs;
  }

  /** The host ends: connections that are lost are not made again. */
  public void close() {
    closed = true;
  }

  @Override
  public void accepted(HostedRun run) {
    Paperclip server = run.agent().server();
    companies.computeIfAbsent(new Company(server.url(), run.self().company()), company -> new Listening(company, run.agent()))
        .connect();
  }

  private void askForTheUnheard() {
    Runs told = runs;
    if (told == null) {
      return;
    }
    for (HostedRun run : told.live()) {
      Listening listening = companies.get(new Company(run.agent().server().url(), run.self().company()));
      if (listening == null || listening.socket == null) {
        ask(told, run);
      }
    }
  }

  private static void ask(Runs told, HostedRun run) {
    run.agent().session().run(run.id())
        .onSuccess(now -> heard(told, run.id(), now.status()))
        .onFailure(failure -> LOG.debug("run {} could not be asked for", run.id(), failure));
  }

  private static void heard(@Nullable Runs told, RunId run, RunStatus status) {
    if (told != null && status.isOver()) {
      told.endedOnBoard(run, status);
    }
  }

  /** The live events of one company. */
  private final class Listening {

    private final Company company;
    private final HostedAgent as;
    private @Nullable WebSocket socket;
    private boolean connecting;

    Listening(Company company, HostedAgent as) {
      this.company = company;
      this.as = as;
    }

    void connect() {
      if (closed || connecting || socket != null) {
        return;
      }
      connecting = true;
      ServerUrl server = company.server();
      client.connect(new WebSocketConnectOptions()
              .setHost(server.host()).setPort(server.port()).setSsl(server.scheme().equals("https"))
              .setURI(server.basePath() + "/api/companies/" + company.id() + "/events/ws")
              .putHeader(HttpHeaders.AUTHORIZATION, "Bearer " + as.key().reveal()))
          .onSuccess(this::listen)
          .onFailure(failure -> {
            LOG.debug("no live events of company {}: its runs are asked for instead", company.id(), failure);
            vertx.setTimer(RECONNECT_MILLIS, again -> {
              connecting = false;
              connect();
            });
          });
    }

    private void listen(WebSocket open) {
      connecting = false;
      socket = open;
      open.textMessageHandler(this::message);
      open.closeHandler(closed -> {
        socket = null;
        connect();
      });
      Runs told = runs;
      if (told != null) { // what happened while nobody listened
        told.live().stream().filter(run -> run.self().company().equals(company.id())).forEach(run -> ask(told, run));
      }
    }

    private void message(String text) {
      if (!text.contains("heartbeat.run.status")) {
        return;
      }
      try {
        JsonNode event = ProtocolJson.mapper().readTree(text);
        if (event.path("type").asText().equals("heartbeat.run.status")) {
          JsonNode payload = event.path("payload");
          heard(runs, RunId.of(payload.path("runId").asText()), new RunStatus(payload.path("status").asText()));
        }
      } catch (JsonProcessingException | IllegalArgumentException odd) {
        LOG.debug("an odd live event", odd);
      }
    }
  }
}
