package io.heartbeat4j.embedded;

import io.heartbeat4j.embedded.rules.IdGenerator;
import io.heartbeat4j.embedded.rules.PaperclipApiHandler;
import io.heartbeat4j.embedded.rules.ServerRequest;
import io.heartbeat4j.embedded.rules.ServerResponse;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A Paperclip server inside the JVM, on loopback, with the routes, statuses, bodies and wakes that were recorded from a
 * real server. All state is in memory.
 *
 * <p>Runs go to the adapter of the agent: {@code process} starts a child process. {@link #setWakeHandler} replaces the
 * adapter by a handler in this JVM. All methods are thread-safe.
 */
public final class EmbeddedPaperclip {

  private final Vertx vertx;
  private final String deploymentId;
  private final ServerVerticle verticle;
  private final RunningServer server;
  private final EmbeddedBoard embeddedBoard;
  private final FaultInjector faultInjector;
  private final RequestRecorder requestRecorder;

  private EmbeddedPaperclip(Vertx vertx, String deploymentId, ServerVerticle verticle, RunningServer server) {
    this.vertx = vertx;
    this.deploymentId = deploymentId;
    this.verticle = verticle;
    this.server = server;
    this.embeddedBoard = new EmbeddedBoard(server::handle);
    this.faultInjector = verticle.faultInjector;
    this.requestRecorder = verticle.requestRecorder;
  }

  /** Starts a server with {@link EmbeddedOptions#defaults}. */
  public static Future<EmbeddedPaperclip> start(Vertx vertx) {
    return start(vertx, EmbeddedOptions.defaults());
  }

  /** Starts a server on a free port; completes when the server accepts requests. */
  public static Future<EmbeddedPaperclip> start(Vertx vertx, EmbeddedOptions options) {
    ServerVerticle verticle = new ServerVerticle(options);
    return vertx
        .deployVerticle(verticle)
        .compose(id -> verticle.opened.future().map(server -> new EmbeddedPaperclip(vertx, id, verticle, server)));
  }

  /** The base URL, {@code http://127.0.0.1:PORT}, without {@code /api}. */
  public String url() {
    return server.url();
  }

  /** The board's requests. */
  public EmbeddedBoard board() {
    return embeddedBoard;
  }

  /** Injects faults into requests. */
  public FaultInjector faults() {
    return faultInjector;
  }

  /** The recorded requests of agents. */
  public RequestRecorder requests() {
    return requestRecorder;
  }

  /** Sends the wakes of this agent to the handler instead of its adapter. */
  public void setWakeHandler(String agentId, WakeHandler handler) {
    server.adapters().setWakeHandler(agentId, handler);
  }

  /** Sends the wakes of this agent to its adapter again. */
  public void removeWakeHandler(String agentId) {
    server.adapters().removeWakeHandler(agentId);
  }

  /**
   * Kills the process of a run with SIGKILL. A handler in this JVM is not interrupted; the server records its run as
   * killed. Does nothing when the run is not live.
   */
  public void killRun(String runId) {
    server.context().runOnContext(now -> server.adapters().kill(runId));
  }

  /** Advances the server's clock; completes when all actions that became due have run. */
  public Future<Void> advanceTime(Duration by) {
    return server.scheduler().advance(by);
  }

  /** The server's clock. */
  public Clock clock() {
    InstantSource time = server.scheduler()::now;
    return time.withZone(ZoneOffset.UTC);
  }

  /** Closes all connections and stops listening, like a killed server; state and runs are kept. */
  public Future<Void> startOutage() {
    return server.onEventLoop(verticle::stopListening);
  }

  /** Listens again on the same port. */
  public Future<Void> endOutage() {
    return server.onEventLoop(verticle::listen);
  }

  /** Stops listening and closes all connections; child processes are not stopped. */
  public Future<Void> close() {
    // without a context of Vert.x, so that the caller can close Vert.x in the same chain
    Promise<Void> closed = Promise.promise();
    vertx.undeploy(deploymentId).onComplete(closed);
    return closed.future();
  }

  /** The parts of the server that need the port. */
  private record RunningServer(String url, Context context, AdvanceableTimeScheduler scheduler, PaperclipApiHandler api,
      RoutingRunAdapter adapters, HttpFrontend frontend) {

    Future<ServerResponse> handle(ServerRequest serverRequest) {
      return onEventLoop(() -> api.handle(serverRequest));
    }

    <T> Future<T> onEventLoop(Supplier<Future<T>> action) {
      Promise<T> answer = Promise.promise();
      context.runOnContext(now -> action.get().onComplete(answer));
      return answer.future();
    }
  }

  /** Owns the event loop on which all rules run. */
  private static final class ServerVerticle extends VerticleBase {

    private static final int IDLE_SECONDS = 185;
    private static final int MAX_HEADER_BYTES = 64 * 1024;

    private final EmbeddedOptions options;
    private final FaultInjector faultInjector = new FaultInjector();
    private final RequestRecorder requestRecorder = new RequestRecorder();
    private final Promise<RunningServer> opened = Promise.promise();
    private @Nullable HttpServer http;

    ServerVerticle(EmbeddedOptions options) {
      this.options = options;
    }

    @Override
    public Future<?> start() {
      return listen(0).onSuccess(port -> opened.complete(createServer(port)));
    }

    /** Listens on the port of the first start. */
    Future<Void> listen() {
      return opened.future().compose(server -> listen(URI.create(server.url()).getPort())).mapEmpty();
    }

    private Future<Integer> listen(int port) {
      HttpServerOptions settings = new HttpServerOptions()
          .setHost("127.0.0.1")
          .setPort(port)
          .setHttp2ClearTextEnabled(false)
          .setMaxHeaderSize(MAX_HEADER_BYTES)
          .setIdleTimeout(IDLE_SECONDS);
      HttpServer listening = vertx
          .createHttpServer(settings)
          .requestHandler(request -> opened.future().onSuccess(server -> server.frontend().handle(request)));
      http = listening;
      return listening.listen().map(HttpServer::actualPort);
    }

    Future<Void> stopListening() {
      HttpServer listening = http;
      http = null;
      return listening == null ? Future.succeededFuture() : listening.close();
    }

    private RunningServer createServer(int port) {
      String url = "http://127.0.0.1:" + port;
      AdvanceableTimeScheduler scheduler = options.scheduler(context);
      RoutingRunAdapter adapters = new RoutingRunAdapter(context);
      PaperclipApiHandler rules = new PaperclipApiHandler(scheduler, IdGenerator.random(), adapters,
          options.behavior().apiUrl(url));
      return new RunningServer(url, context, scheduler, rules, adapters,
          new HttpFrontend(context, scheduler, rules, faultInjector, requestRecorder));
    }
  }
}
