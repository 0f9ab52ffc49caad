package io.heartbeat4j.embedded;

import io.heartbeat4j.embedded.rules.IdGenerator;
import io.heartbeat4j.embedded.rules.PaperclipApiHandler;
import io.heartbeat4j.embedded.rules.ServerRequest;
import io.heartbeat4j.embedded.rules.ServerResponse;
import io.heartbeat4j.embedded.rules.TimeScheduler;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.net.URI;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A Paperclip server inside the JVM, on loopback, that keeps the rules of the recorded one: the same
 * routes, statuses, bodies and wakes. State is in memory and gone when it is closed.
 *
 * <p>Agents of adapter type {@code process} are really started as child processes, unless a target in
 * this JVM takes their wakes. All methods are thread-safe.
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

  /** Starts with {@link EmbeddedOptions#defaults}. */
  public static Future<EmbeddedPaperclip> start(Vertx vertx) {
    return start(vertx, EmbeddedOptions.defaults());
  }

  /** Starts; the server answers when the future completes. */
  public static Future<EmbeddedPaperclip> start(Vertx vertx, EmbeddedOptions options) {
    ServerVerticle verticle = new ServerVerticle(options);
    return vertx
        .deployVerticle(verticle)
        .compose(id -> verticle.opened.future().map(server -> new EmbeddedPaperclip(vertx, id, verticle, server)));
  }

  /** Where the server is: {@code http://127.0.0.1:PORT}, without {@code /api}. */
  public String url() {
    return server.url();
  }

  /** Seeds and inspects, as the board does. */
  public EmbeddedBoard board() {
    return embeddedBoard;
  }

  /** Disturbs requests. */
  public FaultInjector faults() {
    return faultInjector;
  }

  /** The requests that agents sent. */
  public RequestRecorder requests() {
    return requestRecorder;
  }

  /** From now on this agent's wakes call the target, whatever the agent's adapter is. */
  public void setWakeHandler(String agentId, WakeHandler handler) {
    server.adapters().setWakeHandler(agentId, handler);
  }

  /** From now on this agent's wakes go by its adapter again. */
  public void removeWakeHandler(String agentId) {
    server.adapters().removeWakeHandler(agentId);
  }

  /**
   * Ends the process of a run as {@code kill -9} does. For a target in this JVM the server takes it for dead,
   * whatever it still does. Nothing happens where no such run is live.
   */
  public void killRun(String runId) {
    server.context().runOnContext(now -> server.adapters().kill(runId));
  }

  /**
   * Moves virtual time on; completes when all that was due on the way has been done.
   *
   * @throws IllegalStateException when the clock is not that of {@link EmbeddedOptions#virtualTime}
   */
  public Future<Void> advanceTime(Duration by) {
    if (server.scheduler() instanceof VertxVirtualTimeScheduler stepped) {
      return stepped.advance(by);
    }
    throw new IllegalStateException("the server has no virtual time");
  }

  /** Breaks all connections and refuses new ones, as a server that was killed; its data and its runs stay. */
  public Future<Void> startOutage() {
    return server.onEventLoop(verticle::stopListening);
  }

  /** Listens again, on the same port. */
  public Future<Void> endOutage() {
    return server.onEventLoop(verticle::listen);
  }

  /** Stops listening and closes all connections; child processes that still run are left alone. */
  public Future<Void> close() {
    // a promise of no context, so that closing Vert.x may follow in the same chain
    Promise<Void> closed = Promise.promise();
    vertx.undeploy(deploymentId).onComplete(closed);
    return closed.future();
  }

  /** What exists once the port is known. */
  private record RunningServer(String url, Context context, TimeScheduler scheduler, PaperclipApiHandler api,
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

  /** The server's event loop: everything of the rules runs here. */
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

    /** Listens on the port of the first time. */
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
      TimeScheduler scheduler = options.scheduler(context);
      RoutingRunAdapter adapters = new RoutingRunAdapter(context);
      PaperclipApiHandler rules = new PaperclipApiHandler(scheduler, IdGenerator.random(), adapters,
          options.behavior().apiUrl(url));
      return new RunningServer(url, context, scheduler, rules, adapters,
          new HttpFrontend(context, scheduler, rules, faultInjector, requestRecorder));
    }
  }
}
