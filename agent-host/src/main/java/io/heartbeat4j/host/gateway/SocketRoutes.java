package io.heartbeat4j.host.gateway;

import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.heartbeat.outcome.HeartbeatException;
import io.heartbeat4j.heartbeat.wake.EnvironmentWakeReader;
import io.heartbeat4j.heartbeat.wake.WakeRequest;
import io.heartbeat4j.host.run.Admission;
import io.heartbeat4j.host.run.Door;
import io.heartbeat4j.host.run.Ending;
import io.heartbeat4j.host.run.HostedAgent;
import io.heartbeat4j.host.run.HostedRun;
import io.heartbeat4j.host.run.Incoming;
import io.heartbeat4j.host.run.RunEvent;
import io.heartbeat4j.host.run.Runs;
import io.heartbeat4j.host.run.WayIn;
import io.heartbeat4j.protocol.RunId;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What {@code heartbeat wake} calls over the host's unix socket: it hands over the {@code PAPERCLIP_*} variables of its
 * process, the run's token as bearer, and reads the log until the end. A line of the log begins with {@code |}, the last
 * line is {@code =} and the exit code.
 *
 * <p>Who may open the socket is decided by its file's permissions; the run's own token says for which run the caller speaks.
 */
public final class SocketRoutes {

  private static final String BEARER = "Bearer ";

  private final Door door;
  private final Runs runs;
  private final Supplier<Collection<HostedAgent>> agents;

  /** @param agents asked at each request, since a reload changes them */
  public SocketRoutes(Door door, Runs runs, Supplier<Collection<HostedAgent>> agents) {
    this.door = door;
    this.runs = runs;
    this.agents = agents;
  }

  public void mount(Router router) {
    router.post("/wakes").handler(this::wake);
    router.post("/wakes/:id/cancel").handler(this::cancel);
  }

  private void wake(RoutingContext context) {
    WakeRequest request;
    try {
      request = EnvironmentWakeReader.read(variables(context));
    } catch (HeartbeatException malformed) {
      Replies.refuse(context, 400, String.valueOf(malformed.getMessage()));
      return;
    }
    agent(request)
        .compose(agent -> agent.isEmpty()
            ? Future.<Admission>succeededFuture(new Admission.Refused())
            : door.admit(new Incoming(agent.get(), request.run(), WayIn.COMMAND, request.token(), request.facts())))
        .onSuccess(admission -> follow(context, admission))
        .onFailure(failure -> Replies.unavailable(context, failure));
  }

  private static Map<String, String> variables(RoutingContext context) {
    Map<String, String> variables = new HashMap<>();
    context.request().formAttributes().forEach((name, value) -> variables.put(name, value));
    variables.put("PAPERCLIP_API_KEY", bearer(context));
    return variables;
  }

  private static String bearer(RoutingContext context) {
    String header = context.request().getHeader(HttpHeaders.AUTHORIZATION);
    return header != null && header.startsWith(BEARER) ? header.substring(BEARER.length()) : "";
  }

  /** The agent whose id the wake names. Those that no server has told the id of yet are asked for. */
  private Future<Optional<HostedAgent>> agent(WakeRequest request) {
    Optional<HostedAgent> known = agents.get().stream().filter(agent -> is(agent, request)).findFirst();
    return known.isPresent()
        ? Future.succeededFuture(known)
        : Future.join(agents.get().stream().map(HostedAgent::identity).toList()).transform(asked ->
            Future.succeededFuture(agents.get().stream().filter(agent -> is(agent, request)).findFirst()));
  }

  private static boolean is(HostedAgent agent, WakeRequest request) {
    return agent.knownIdentity()
        .filter(self -> self.id().equals(request.agent()) && self.company().equals(request.company()))
        .isPresent();
  }

  private static void follow(RoutingContext context, Admission admission) {
    HttpServerResponse response = context.response();
    switch (admission) {
      case Admission.Refused refused -> Replies.refuse(context, 404, "no agent of this host has this run");
      case Admission.Full full -> Replies.later(context, 503, "the queue is full", full.retryAfter());
      case Admission.Accepted(var view) when view.live() != null -> follow(response, view.live());
      case Admission.Accepted(var view) -> response.end("=" + exitCode(view.ending()) + "\n");
    }
  }

  private static void follow(HttpServerResponse response, HostedRun run) {
    response.setChunked(true).putHeader(HttpHeaders.CONTENT_TYPE, "text/plain");
    Runnable stop = run.read(event -> {
      switch (event) {
        case RunEvent.Stepped(var step) -> write(response, RunJson.line(step));
        case RunEvent.Text(var step) -> write(response, RunJson.line(step));
        case RunEvent.Ended ended -> { }
      }
    });
    response.closeHandler(gone -> stop.run());
    run.released().onSuccess(ending -> {
      if (!response.ended() && !response.closed()) {
        if (ending.error() != null) {
          response.write("|heartbeat: " + ending.error().replace("\n", "\n|") + "\n");
        }
        response.end("=" + exitCode(ending) + "\n");
      }
    });
  }

  /** A reader that does not keep up misses lines, but not the exit code. */
  private static void write(HttpServerResponse response, String line) {
    if (!response.ended() && !response.closed() && !response.writeQueueFull()) {
      response.write("|" + line.replace("\n", "\n|") + "\n");
    }
  }

  private static int exitCode(@Nullable Ending ending) {
    return ending == null ? 0 : ending.exitCode();
  }

  private void cancel(RoutingContext context) {
    Optional<HostedRun> run = live(context.pathParam("id")).filter(found -> found.speaksFor(token(context)));
    run.ifPresent(found -> runs.stop(found, "the run was stopped (SIGTERM) before the work was finished"));
    context.response().setStatusCode(run.isPresent() ? 204 : 404).end();
  }

  private Optional<HostedRun> live(String id) {
    try {
      return runs.live(RunId.of(id));
    } catch (IllegalArgumentException other) {
      return Optional.empty();
    }
  }

  private static Optional<AgentToken> token(RoutingContext context) {
    return bearer(context).isBlank() ? Optional.empty() : Optional.of(AgentToken.of(bearer(context)));
  }
}
