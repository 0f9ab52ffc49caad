package io.heartbeat4j.host.observability;

import static java.util.stream.Collectors.toSet;

import io.heartbeat4j.host.http.AccessKeyAuthenticator;
import io.heartbeat4j.host.http.ServerSentEventStream;
import io.heartbeat4j.host.run.HostedAgent;
import io.heartbeat4j.host.run.HostedRun;
import io.heartbeat4j.host.run.RunCoordinator;
import io.heartbeat4j.worker.Secret;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.StaticHandler;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Health without a key; metrics and the live page with the view key. Without a configured view key metrics and page are
 * off.
 */
public final class OperatorRoutes {

  private static final int MAX_AGENTS = 500;
  private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
      + "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final RunCoordinator runCoordinator;
  private final LivePageModel livePage;
  private final PrometheusMetrics prometheusMetrics;
  private final Supplier<Collection<HostedAgent>> agents;
  private final ReadinessProbe readinessProbe;
  private final ServerOutages outages;
  private final AccessKeyAuthenticator<Boolean> viewers;
  private final Consumer<HttpConnection> onKey;

  /** @param onKey receives the connection of each request with the view key */
  public OperatorRoutes(
      RunCoordinator runCoordinator, LivePageModel livePageModel, PrometheusMetrics prometheusMetrics,
      Supplier<Collection<HostedAgent>> agents,
      ReadinessProbe readinessProbe, ServerOutages outages, Optional<Secret> viewKey, Consumer<HttpConnection> onKey) {
    this.runCoordinator = runCoordinator;
    this.livePage = livePageModel;
    this.prometheusMetrics = prometheusMetrics;
    this.agents = agents;
    this.readinessProbe = readinessProbe;
    this.outages = outages;
    this.viewers = new AccessKeyAuthenticator<>(viewKey.map(key -> Map.of(key, true)).orElse(Map.of()));
    this.onKey = onKey;
  }

  public void mount(Router router) {
    router.get("/healthz").handler(context -> context.response().end("ok\n"));
    router.get("/readyz").handler(this::readiness);
    if (viewers.isEmpty()) {
      return;
    }
    router.get("/metrics").handler(this::authenticate)
        .handler(context -> prometheusMetrics.scrape().onSuccess(text -> context.response()
            .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8").end(text))
            .onFailure(context::fail));
    router.route("/live/*").handler(this::authenticate);
    router.get("/live/events").handler(this::events);
    router.post("/live/agents/:name/:act").handler(this::pauseOrResume);
    router.get("/").handler(this::addSecurityHeaders).handler(context -> context.reroute("/page/index.html"));
    router.get("/page/*").handler(this::addSecurityHeaders)
        .handler(StaticHandler.create("live").setDirectoryListing(false)
            .setCachingEnabled(false));
  }

  /** Ready when every server answers and the host takes wakes. */
  private void readiness(RoutingContext context) {
    if (runCoordinator.isDraining()) {
      context.response().setStatusCode(503).end("ending\n");
      return;
    }
    readinessProbe.isReady(context.vertx()).onSuccess(ready -> context.response().setStatusCode(ready ? 200 : 503)
        .end(ready ? "ready\n" : describeOutage()));
  }

  /** Anybody may ask: the addresses of the servers are for the log and the page. */
  private String describeOutage() {
    return outages.down().isEmpty()
        ? "a Paperclip server or the store does not answer\n"
        : "a Paperclip server has not answered for a minute; its address is in the log\n";
  }

  private void authenticate(RoutingContext context) {
    if (viewers.ownerOf(context.request()).isPresent()) {
      onKey.accept(context.request().connection());
      context.next();
    } else {
      context.response().setStatusCode(401).end("show the view key as a bearer token\n");
    }
  }

  private void addSecurityHeaders(RoutingContext context) {
    context.response()
        .putHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Referrer-Policy", "no-referrer");
    context.next();
  }

  /** A snapshot, then every change. */
  private void events(RoutingContext context) {
    Runnable[] stop = {() -> {}};
    ServerSentEventStream stream = ServerSentEventStream.open(context.vertx(), context.response(), () -> stop[0].run());
    stream.send(new JsonObject().put("type", "state").put("agents", agents())
        .put("down", new JsonArray(outages.down()))
        .put("more", Math.max(0, agents.get().size() - MAX_AGENTS)).put("runs", livePage.runsJson()));
    stop[0] = livePage.subscribe(stream::send);
  }

  /** Those that have something to do, are paused or can't work go first: a page can't show thousands. */
  private JsonArray agents() {
    Set<HostedAgent> busy = runCoordinator.live().stream().map(HostedRun::agent).collect(toSet());
    Comparator<HostedAgent> order = Comparator
        .comparing(agent -> !busy.contains(agent) && !agent.isPaused() && agent.problem().isEmpty());
    return new JsonArray(agents.get().stream().sorted(order).limit(MAX_AGENTS).map(agent -> new JsonObject()
        .put("name", agent.name())
        .put("title", agent.knownIdentity().map(HostedAgent.AgentIdentity::name).orElse(null))
        .put("worker", agent.configuration().workerName())
        .put("problem", agent.problem().orElse(null))
        .put("paused", agent.isPaused())).toList());
  }

  private void pauseOrResume(RoutingContext context) {
    String act = context.pathParam("act");
    Optional<HostedAgent> agent = agents.get().stream()
        .filter(each -> each.name().equals(context.pathParam("name"))).findFirst();
    if (agent.isEmpty() || !(act.equals("pause") || act.equals("resume"))) {
      context.response().setStatusCode(404).end();
      return;
    }
    runCoordinator.setPaused(agent.get(), act.equals("pause"));
    context.response().setStatusCode(204).end();
  }
}
