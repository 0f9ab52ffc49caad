package io.heartbeat4j.embedded;

import io.heartbeat4j.embedded.rules.PaperclipRules;
import io.heartbeat4j.embedded.rules.Request;
import io.heartbeat4j.embedded.rules.Response;
import io.heartbeat4j.embedded.rules.Time;
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
  private final Server verticle;
  private final Open server;
  private final Board board;
  private final Faults faults;
  private final Requests requests;

  private EmbeddedPaperclip(Vertx vertx, String deploymentId, Server verticle, Open server) {
    this.vertx = vertx;
    this.deploymentId = deploymentId;
    this.verticle = verticle;
    this.server = server;
    this.board = new Board(server::handle);
    this.faults = verticle.faults;
    this.requests = verticle.requests;
  }

  /** Starts with {@link EmbeddedOptions#defaults}. */
  public static Future<EmbeddedPaperclip> start(Vertx vertx) {
    return start(vertx, EmbeddedOptions.defaults());
  }

  /** Starts; the server answers when the future completes. */
  public static Future<EmbeddedPaperclip> start(Vertx vertx, EmbeddedOptions options) {
    Server verticle = new Server(options);
    return vertx
        .deployVerticle(verticle)
        .compose(id -> verticle.opened.future().map(server -> new EmbeddedPaperclip(vertx, id, verticle, server)));
  }

  /** Where the server is: {@code http://127.0.0.1:PORT}, without {@code /api}. */
  public String url() {
    return server.url();
  }

  /** Seeds and inspects, as the board does. */
  public Board board() {
    return board;
  }

  /** Disturbs requests. */
  public Faults faults() {
    return faults;
  }

  /** The requests that agents sent. */
  public Requests requests() {
    return requests;
  }

  /** From now on this agent's wakes call the target, whatever the agent's adapter is. */
  public void onWake(String agentId, WakeTarget target) {
    server.adapters().target(agentId, target);
  }

  /** From now on this agent's wakes go by its adapter again. */
  public void onWakeByAdapter(String agentId) {
    server.adapters().noTarget(agentId);
  }

  /**
   * Ends the process of a run as {@code kill -9} does. For a target in this JVM the server takes it for dead,
   * whatever it still does. Nothing happens where no such run is live.
   */
  public void kill(String runId) {
    server.loop().runOnContext(now -> server.adapters().kill(runId));
  }

  /**
   * Moves virtual time on; completes when all that was due on the way has been done.
   *
   * @throws IllegalStateException when the clock is not that of {@link EmbeddedOptions#virtualTime}
   */
  public Future<Void> advance(Duration by) {
    if (server.time() instanceof SteppedTime stepped) {
      return stepped.advance(by);
    }
    throw new IllegalStateException("the server has no virtual time");
  }

  /** Breaks all connections and refuses new ones, as a server that was killed; its data and its runs stay. */
  public Future<Void> goDown() {
    return server.onLoop(verticle::stopListening);
  }

  /** Listens again, on the same port. */
  public Future<Void> comeBack() {
    return server.onLoop(verticle::listen);
  }

  /** Stops listening and closes all connections; child processes that still run are left alone. */
  public Future<Void> close() {
    // a promise of no context, so that closing Vert.x may follow in the same chain
    Promise<Void> closed = Promise.promise();
    vertx.undeploy(deploymentId).onComplete(closed);
    return closed.future();
  }

  /** What exists once the port is known. */
  private record Open(String url, Context loop, Time time, PaperclipRules rules, RunAdapters adapters, HttpShell shell) {

    Future<Response> handle(Request request) {
      return onLoop(() -> rules.handle(request));
    }

    <T> Future<T> onLoop(Supplier<Future<T>> action) {
      Promise<T> answer = Promise.promise();
      loop.runOnContext(now -> action.get().onComplete(answer));
      return answer.future();
    }
  }

  /** The server's event loop: everything of the rules runs here. */
  private static final class Server extends VerticleBase {

    private static final int IDLE_SECONDS = 185;
    private static final int LARGEST_HEADER = 64 * 1024;

    private final EmbeddedOptions options;
    private final Faults faults = new Faults();
    private final Requests requests = new Requests();
    private final Promise<Open> opened = Promise.promise();
    private @Nullable HttpServer http;

    Server(EmbeddedOptions options) {
      this.options = options;
    }

    @Override
    public Future<?> start() {
      return listen(options.port()).onSuccess(port -> opened.complete(open(port)));
    }

    /** Listens on the port of the first time. */
    Future<Void> listen() {
      return opened.future().compose(server -> listen(URI.create(server.url()).getPort())).mapEmpty();
    }

    private Future<Integer> listen(int port) {
      HttpServerOptions settings =
          new HttpServerOptions()
              .setHost("127.0.0.1")
              .setPort(port)
              .setHttp2ClearTextEnabled(false)
              .setMaxHeaderSize(LARGEST_HEADER)
              .setIdleTimeout(IDLE_SECONDS);
      HttpServer listening =
          vertx
              .createHttpServer(settings)
              .requestHandler(request -> opened.future().onSuccess(server -> server.shell().handle(request)));
      http = listening;
      return listening.listen().map(HttpServer::actualPort);
    }

    Future<Void> stopListening() {
      HttpServer listening = http;
      http = null;
      return listening == null ? Future.succeededFuture() : listening.close();
    }

    private Open open(int port) {
      String url = "http://127.0.0.1:" + port;
      Time time = options.time(context);
      RunAdapters adapters = new RunAdapters(context);
      PaperclipRules rules = new PaperclipRules(time, options.ids(), adapters, options.rules().apiUrl(url));
      return new Open(url, context, time, rules, adapters, new HttpShell(context, time, rules, faults, requests));
    }
  }
}
