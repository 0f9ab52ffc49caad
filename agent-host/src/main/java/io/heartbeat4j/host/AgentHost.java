package io.heartbeat4j.host;

import io.heartbeat4j.host.config.HostConfiguration;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.function.Supplier;

/** A running host. Thread-safe. */
public final class AgentHost {

  /** Few threads for files: they share one disk, and each waiting thread costs a context switch. */
  private static final int FILE_THREADS = 4;

  private final Vertx vertx;
  private final Context eventLoop;
  private final HostVerticle verticle;
  private final String deployment;

  private AgentHost(Vertx vertx, Context loop, HostVerticle verticle, String deployment) {
    this.vertx = vertx;
    this.eventLoop = loop;
    this.verticle = verticle;
    this.deployment = deployment;
  }

  /** Vert.x as a host needs it. */
  public static VertxOptions vertxOptions() {
    return new VertxOptions().setWorkerPoolSize(FILE_THREADS);
  }

  /**
   * Starts the host: it accepts wakes when the future completes, and the runs of an earlier host are resumed.
   *
   * <p>Fails where the address can't be bound or the state directory can't be used.
   */
  public static Future<AgentHost> start(Vertx vertx, HostConfiguration configuration,
      HostDependencies hostDependencies) {
    HostVerticle verticle = new HostVerticle(configuration, hostDependencies);
    return vertx.deployVerticle(verticle).map(id -> new AgentHost(vertx, verticle.eventLoop(), verticle, id));
  }

  /** The port of the HTTP listener. */
  public int port() {
    return verticle.port();
  }

  /** Applies a new configuration; running runs keep theirs. */
  public Future<Void> reload(HostConfiguration configuration) {
    return onEventLoop(() -> verticle.reload(configuration));
  }

  /**
   * Drains and closes: accepts no wake, lets running work go on for a time, then asks it to stop; completes when all is
   * settled.
   *
   * @param patience how long running work may go on
   */
  public Future<Void> drain(Duration patience) {
    return onEventLoop(() -> verticle.drain(patience)).eventually(() -> vertx.undeploy(deployment));
  }

  /** Ends so with the configuration's patience, {@code limits.drain}, as it is by now. */
  public Future<Void> drain() {
    return onEventLoop(() -> Future.succeededFuture(verticle.drainTimeout())).compose(this::drain);
  }

  /** Ends the waiting of a drain. */
  public void stopNow() {
    eventLoop.runOnContext(now -> verticle.stopNow());
  }

  private <T> Future<T> onEventLoop(Supplier<Future<T>> act) {
    return Future.future(promise -> eventLoop.runOnContext(go -> act.get().onComplete(promise)));
  }
}
