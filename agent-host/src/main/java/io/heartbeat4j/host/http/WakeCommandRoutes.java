package io.heartbeat4j.host.http;

import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.heartbeat.event.PlainText;
import io.heartbeat4j.heartbeat.outcome.HeartbeatException;
import io.heartbeat4j.heartbeat.wake.EnvironmentWakeReader;
import io.heartbeat4j.heartbeat.wake.WakeRequest;
import io.heartbeat4j.heartbeat.outcome.WorkFailure;
import io.heartbeat4j.host.run.AdmissionResult;
import io.heartbeat4j.host.run.AdmissionService;
import io.heartbeat4j.host.run.HostedAgent;
import io.heartbeat4j.host.run.HostedRun;
import io.heartbeat4j.host.run.IncomingWake;
import io.heartbeat4j.host.run.LogLine;
import io.heartbeat4j.host.run.RunCoordinator;
import io.heartbeat4j.host.run.RunEvent;
import io.heartbeat4j.host.run.RunResult;
import io.heartbeat4j.host.run.WakeChannel;
import io.heartbeat4j.protocol.RunId;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What {@code heartbeat wake} calls over the host's unix socket: it hands over the {@code PAPERCLIP_*} variables of its
 * process, the run's token as bearer, and reads the log until the end. A line of the log begins with {@code |}, the
 * last line is {@code =} and the exit code.
 *
 * <p>Who may open the socket is decided by its file's permissions; the run's own token says for which run the caller
 * speaks.
 */
public final class WakeCommandRoutes {

  private static final String BEARER = "Bearer ";

  private final AdmissionService admissionService;
  private final RunCoordinator runCoordinator;
  private final Supplier<Collection<HostedAgent>> agents;
  private final int bodyBytes;

  /**
   * @param agents asked at each request, since a reload changes them
   * @param bodyBytes the largest body of a wake
   */
  public WakeCommandRoutes(AdmissionService admissionService, RunCoordinator runCoordinator,
      Supplier<Collection<HostedAgent>> agents, int bodyBytes) {
    this.admissionService = admissionService;
    this.runCoordinator = runCoordinator;
    this.agents = agents;
    this.bodyBytes = bodyBytes;
  }

  public void mount(Router router) {
    router.route("/wakes*").handler(this::requireToken);
    router.post("/wakes").handler(BodyHandler.create(false).setBodyLimit(bodyBytes));
    router.post("/wakes").handler(this::wake);
    router.post("/wakes/:id/cancel").handler(this::cancel);
  }

  /** Which run the token belongs to is known only with the body. */
  private void requireToken(RoutingContext context) {
    if (bearer(context).isBlank()) {
      JsonResponseWriter.sendError(context, 401, "show the run's token as a bearer token");
    } else {
      context.next();
    }
  }

  private void wake(RoutingContext context) {
    WakeRequest request;
    try {
      request = EnvironmentWakeReader.read(variables(context));
    } catch (HeartbeatException malformed) {
      JsonResponseWriter.sendError(context, 400, String.valueOf(malformed.getMessage()));
      return;
    }
    findAgent(request)
        .compose(agent -> agent.isEmpty()
            ? Future.<AdmissionResult>succeededFuture(new AdmissionResult.Refused())
            : admissionService.admit(
                new IncomingWake(agent.get(), request.run(), WakeChannel.COMMAND, request.token(), request.facts())))
        .map(admissionResult -> isOfAnotherToken(admissionResult, request)
            ? new AdmissionResult.Refused()
            : admissionResult)
        .onSuccess(admissionResult -> streamLog(context, admissionResult))
        .onFailure(failure -> JsonResponseWriter.sendUnavailable(context, failure));
  }

  /** A live run is accepted again without a question to the server, so its token is compared here. */
  private static boolean isOfAnotherToken(AdmissionResult admissionResult, WakeRequest request) {
    return admissionResult instanceof AdmissionResult.Accepted(var view)
        && view.liveRun() != null
        && !view.liveRun().hasToken(Optional.of(request.token()));
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
  private Future<Optional<HostedAgent>> findAgent(WakeRequest request) {
    Optional<HostedAgent> known = agents.get().stream().filter(agent -> matches(agent, request)).findFirst();
    return known.isPresent()
        ? Future.succeededFuture(known)
        : Future.join(agents.get().stream().map(HostedAgent::identity).toList()).transform(asked -> Future
            .succeededFuture(agents.get().stream().filter(agent -> matches(agent, request)).findFirst()));
  }

  private static boolean matches(HostedAgent agent, WakeRequest request) {
    return agent.knownIdentity()
        .filter(self -> self.id().equals(request.agent()) && self.company().equals(request.company()))
        .isPresent();
  }

  private static void streamLog(RoutingContext context, AdmissionResult admissionResult) {
    HttpServerResponse response = context.response();
    switch (admissionResult) {
      case AdmissionResult.Refused refused ->
        JsonResponseWriter.sendError(context, 404, "no agent of this host has this run");
      case AdmissionResult.QueueFull queueFull ->
        JsonResponseWriter.sendRetryLater(context, 503, "the queue is full", queueFull.retryAfter());
      case AdmissionResult.Accepted(var view) when view.liveRun() != null -> streamLog(response, view.liveRun());
      case AdmissionResult.Accepted(var view) -> response.end("=" + exitCode(view.result()) + "\n");
    }
  }

  private static void streamLog(HttpServerResponse response, HostedRun run) {
    response.setChunked(true).putHeader(HttpHeaders.CONTENT_TYPE, "text/plain");
    Runnable stop = run.subscribe(event -> {
      switch (event) {
        case RunEvent.Stepped(var step) -> write(response, LogLine.describe(step));
        case RunEvent.IssueOutput(var step) -> write(response, LogLine.describe(step));
        case RunEvent.Ended ended -> {
        }
      }
    });
    response.closeHandler(gone -> stop.run());
    run.callerRelease().onSuccess(result -> {
      if (!response.ended() && !response.closed()) {
        if (result.error() != null) {
          response.write("|heartbeat: " + PlainText.of(result.error()).replace("\n", "\n|") + "\n");
        }
        response.end("=" + exitCode(result) + "\n");
      }
    }).onFailure(abandoned -> {
      if (!response.ended() && !response.closed()) {
        response.end("|heartbeat: " + abandoned.getMessage() + "\n=75\n");
      }
    });
  }

  /** A reader that does not keep up misses lines, but not the exit code. */
  private static void write(HttpServerResponse response, String line) {
    if (!response.ended() && !response.closed() && !response.writeQueueFull()) {
      response.write("|" + PlainText.of(line).replace("\n", "\n|") + "\n");
    }
  }

  private static int exitCode(@Nullable RunResult result) {
    return result == null ? 0 : result.exitCode();
  }

  private void cancel(RoutingContext context) {
    Optional<HostedRun> run = liveRun(context.pathParam("id")).filter(found -> found.hasToken(token(context)));
    run.ifPresent(found -> runCoordinator.stop(found, WorkFailure.terminated()));
    context.response().setStatusCode(run.isPresent() ? 204 : 404).end();
  }

  private Optional<HostedRun> liveRun(String id) {
    try {
      return runCoordinator.live(RunId.of(id));
    } catch (IllegalArgumentException other) {
      return Optional.empty();
    }
  }

  private static Optional<AgentToken> token(RoutingContext context) {
    try {
      return Optional.of(AgentToken.of(bearer(context)));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }
}
