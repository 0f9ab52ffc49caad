package io.heartbeat4j.host.http;

import io.heartbeat4j.heartbeat.wake.WakeFacts;
import io.heartbeat4j.heartbeat.outcome.WorkFailure;
import io.heartbeat4j.host.run.AdmissionResult;
import io.heartbeat4j.host.run.AdmissionResult.RunView;
import io.heartbeat4j.host.run.AdmissionService;
import io.heartbeat4j.host.run.HostedAgent;
import io.heartbeat4j.host.run.HostedRun;
import io.heartbeat4j.host.run.IncomingWake;
import io.heartbeat4j.host.run.RunCoordinator;
import io.heartbeat4j.host.run.WakeChannel;
import io.heartbeat4j.protocol.RunId;
import io.vertx.core.Future;
import io.vertx.core.http.HttpConnection;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What Paperclip's {@code hermes_gateway} adapter calls: start a run, follow it, stop it. A wake is known by the
 * adapter's idempotency key, which is the Paperclip run's id; what it is for is read from that run. Another agent's run
 * answers as one that does not exist.
 */
public final class GatewayAdapterRoutes {

  private static final String AGENT = "agent";

  private final AdmissionService admissionService;
  private final RunCoordinator runCoordinator;
  private final Supplier<AccessKeyAuthenticator<HostedAgent>> accessKeys;
  private final Consumer<HttpConnection> onKey;

  /**
   * @param keys asked at each request, since a reload changes them
   * @param onKey receives the connection of each request with a valid key
   */
  public GatewayAdapterRoutes(AdmissionService admissionService, RunCoordinator runCoordinator,
      Supplier<AccessKeyAuthenticator<HostedAgent>> keys, Consumer<HttpConnection> onKey) {
    this.admissionService = admissionService;
    this.runCoordinator = runCoordinator;
    this.accessKeys = keys;
    this.onKey = onKey;
  }

  public void mount(Router router) {
    router.route("/v1/runs*").handler(this::authenticate);
    router.post("/v1/runs").handler(this::start);
    router.get("/v1/runs/:id").handler(
        context -> withRun(context, run -> JsonResponseWriter.send(context, 200, GatewayRunRenderer.render(run))));
    router.get("/v1/runs/:id/events").handler(
        context -> withRun(context, run -> ServerSentEventStream.streamRun(context.vertx(), runCoordinator,
            context.response(), run)));
    router.post("/v1/runs/:id/stop").handler(context -> withRun(context, run -> stop(context, run)));
  }

  private void authenticate(RoutingContext context) {
    Optional<HostedAgent> agent = accessKeys.get().ownerOf(context.request());
    if (agent.isEmpty()) {
      JsonResponseWriter.sendError(context, 401, "show the agent's access key as a bearer token");
      return;
    }
    onKey.accept(context.request().connection());
    context.request().handler(unread -> {}); // the wake is read from the server, however long the prompt sent here is
    context.put(AGENT, agent.get());
    context.next();
  }

  /** The adapter stops a run only when its {@code timeoutSec} has passed. */
  private static final WorkFailure STOPPED = new WorkFailure(WorkFailure.Kind.TIME_LIMIT,
      "The run took longer than the adapter's timeoutSec.");

  private static HostedAgent agent(RoutingContext context) {
    return context.get(AGENT);
  }

  private void start(RoutingContext context) {
    Optional<RunId> run = runId(context.request().getHeader("Idempotency-Key"));
    if (run.isEmpty()) {
      JsonResponseWriter.sendError(context, 400, "the Idempotency-Key must be the id of a Paperclip run");
      return;
    }
    HostedAgent agent = agent(context);
    admissionService
        .admit(new IncomingWake(agent, run.get(), WakeChannel.GATEWAY, agent.key().orElseThrow(), WakeFacts.NONE))
        .onSuccess(admissionResult -> sendAdmission(context, admissionResult))
        .onFailure(failure -> JsonResponseWriter.sendUnavailableWithReason(context, failure));
  }

  private static void sendAdmission(RoutingContext context, AdmissionResult admissionResult) {
    switch (admissionResult) {
      case AdmissionResult.Accepted accepted ->
        JsonResponseWriter.send(context, 202, GatewayRunRenderer.render(accepted.run()));
      case AdmissionResult.Refused refused ->
        JsonResponseWriter.sendError(context, 403, "this is no live run of this agent");
      case AdmissionResult.QueueFull queueFull ->
        JsonResponseWriter.sendRetryLater(context, 429, "the queue is full", queueFull.retryAfter());
    }
  }

  private void stop(RoutingContext context, RunView run) {
    HostedRun live = run.liveRun();
    if (live == null) {
      if (run.result() == null) {
        runCoordinator.stopRemote(run.id(), STOPPED);
      }
      JsonResponseWriter.send(context, 200, GatewayRunRenderer.render(run));
    } else {
      runCoordinator.stop(live, STOPPED);
      JsonResponseWriter.send(context, 200, GatewayRunRenderer.render(RunView.of(live)));
    }
  }

  private interface RunHandler {
    void handle(RunView run);
  }

  private void withRun(RoutingContext context, RunHandler runHandler) {
    Future<Optional<RunView>> found = runId(context.pathParam("id")).map(runCoordinator::find)
        .orElseGet(() -> Future.succeededFuture(Optional.empty()));
    found
        .map(run -> run.filter(mine -> mine.agent().equals(agent(context).name())))
        .onSuccess(run -> run.ifPresentOrElse(runHandler::handle,
            () -> JsonResponseWriter.sendError(context, 404, "there is no such run")))
        .onFailure(context::fail);
  }

  private static Optional<RunId> runId(@Nullable String text) {
    try {
      return text == null ? Optional.empty() : Optional.of(RunId.of(text));
    } catch (IllegalArgumentException other) {
      return Optional.empty();
    }
  }
}
