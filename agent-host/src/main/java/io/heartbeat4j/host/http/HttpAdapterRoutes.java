package io.heartbeat4j.host.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.heartbeat.wake.WakeFacts;
import io.heartbeat4j.host.run.AdmissionResult;
import io.heartbeat4j.host.run.AdmissionService;
import io.heartbeat4j.host.run.HostedAgent;
import io.heartbeat4j.host.run.HostedRun;
import io.heartbeat4j.host.run.IncomingWake;
import io.heartbeat4j.host.run.RunCoordinator;
import io.heartbeat4j.host.run.WakeChannel;
import io.heartbeat4j.protocol.RunId;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Paperclip's {@code http} adapter calls: one POST per wake, whose answer ends the run. So it is held until the
 * heartbeat is settled. The adapter waits 30 s for a host that is given by its name and 300 s for one given by its
 * address (contract section 3); of work that needs longer the issue is parked before that, and the work goes on.
 */
public final class HttpAdapterRoutes {

  private static final Duration HOLD_LIMIT_BY_NAME = Duration.ofSeconds(20);
  private static final Duration HOLD_LIMIT_BY_ADDRESS = Duration.ofSeconds(280);
  private static final String AGENT = "agent";
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[?[0-9a-fA-F:]*:[0-9a-fA-F:.]*]?");

  private final AdmissionService admissionService;
  private final RunCoordinator runCoordinator;
  private final Supplier<AccessKeyAuthenticator<HostedAgent>> accessKeys;
  private final Consumer<HttpConnection> onKey;
  private final int bodyBytes;

  /**
   * @param keys asked at each request, since a reload changes them
   * @param onKey receives the connection of each request with a valid key
   * @param bodyBytes the largest body of a wake
   */
  public HttpAdapterRoutes(AdmissionService admissionService, RunCoordinator runCoordinator,
      Supplier<AccessKeyAuthenticator<HostedAgent>> keys, Consumer<HttpConnection> onKey, int bodyBytes) {
    this.admissionService = admissionService;
    this.runCoordinator = runCoordinator;
    this.accessKeys = keys;
    this.onKey = onKey;
    this.bodyBytes = bodyBytes;
  }

  public void mount(Router router) {
    router.post("/v1/wakes").handler(this::authenticate);
    router.post("/v1/wakes").handler(BodyHandler.create(false).setBodyLimit(bodyBytes));
    router.post("/v1/wakes").handler(this::wake);
  }

  private void authenticate(RoutingContext context) {
    Optional<HostedAgent> agent = accessKeys.get().ownerOf(context.request());
    if (agent.isEmpty()) {
      JsonResponseWriter.sendError(context, 401, "show the agent's access key as a bearer token");
      return;
    }
    onKey.accept(context.request().connection());
    context.put(AGENT, agent.get());
    context.next();
  }

  private void wake(RoutingContext context) {
    HostedAgent agent = context.get(AGENT);
    Optional<RunId> run = runId(context);
    if (run.isEmpty()) {
      JsonResponseWriter.sendError(context, 400, "the body must be JSON with the run's id in runId");
      return;
    }
    admissionService
        .admit(new IncomingWake(agent, run.get(), WakeChannel.HTTP, agent.key().orElseThrow(), WakeFacts.NONE))
        .onSuccess(admissionResult -> awaitResult(context, admissionResult))
        .onFailure(failure -> JsonResponseWriter.sendUnavailableWithReason(context, failure));
  }

  private void awaitResult(RoutingContext context, AdmissionResult admissionResult) {
    switch (admissionResult) {
      case AdmissionResult.Accepted(var view) -> runCoordinator.awaitHereOrOver(view)
          .onSuccess(known -> {
            if (known.liveRun() != null) {
              awaitResult(context, known.liveRun());
            } else {
              JsonResponseWriter.send(context, 200, GatewayRunRenderer.render(known));
            }
          })
          .onFailure(context::fail);
      case AdmissionResult.Refused refused ->
        JsonResponseWriter.sendError(context, 403, "this is no live run of this agent");
      case AdmissionResult.QueueFull queueFull ->
        JsonResponseWriter.sendRetryLater(context, 503, "the queue is full", queueFull.retryAfter());
    }
  }

  private void awaitResult(RoutingContext context, HostedRun run) {
    Promise<Void> release = Promise.promise(); // fails at once where this host has lost the run
    long timer = context.vertx().setTimer(holdLimit(context.request().authority()).toMillis(),
        late -> runCoordinator.letCallerGo(run).onSuccess(gone -> release.tryComplete()).onFailure(release::tryFail));
    run.completion().onSuccess(over -> release.tryComplete()).onFailure(release::tryFail);
    release.future()
        .onSuccess(
            free -> JsonResponseWriter.send(context, 200, GatewayRunRenderer.render(AdmissionResult.RunView.of(run))))
        .onFailure(abandoned -> context.request().connection().close()) // a balancer asks another host
        .onComplete(answered -> context.vertx().cancelTimer(timer));
  }

  private Duration holdLimit(@Nullable HostAndPort asked) {
    return asked != null && ADDRESS.matcher(asked.host()).matches() ? HOLD_LIMIT_BY_ADDRESS : HOLD_LIMIT_BY_NAME;
  }

  private static Optional<RunId> runId(RoutingContext context) {
    try {
      JsonNode body = ProtocolJson.mapper().readTree(context.body().asString());
      return body == null ? Optional.empty() : Optional.of(RunId.of(body.path("runId").asText()));
    } catch (JsonProcessingException | IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }
}
