package io.heartbeat4j.host;

import io.heartbeat4j.host.cluster.Neighbours;
import io.heartbeat4j.host.config.HostConfiguration;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.function.Supplier;

/** A running host. Thread-safe. */
public final class Host {

  /** Few threads for files: each one that waits costs a wake-up, and all of them share one disk. */
  private static final int FILE_THREADS = 4;

  private final Vertx vertx;
  private final Context loop;
  private final HostVerticle verticle;
  private final String deployment;

  private Host(Vertx vertx, Context loop, HostVerticle verticle, String deployment) {
    this.vertx = vertx;
    this.loop = loop;
    this.verticle = verticle;
    this.deployment = deployment;
  }

  /** Vert.x as a host on its own wants it; one of several gets its own from the cluster's module. */
  public static VertxOptions options() {
    return new VertxOptions().setWorkerPoolSize(FILE_THREADS);
  }

  /**
   * Starts: the ways in are open when the future completes, and what an earlier host has left unfinished is taken up.
   *
   * <p>Fails where the address or the state directory can't be had.
   */
  public static Future<Host> start(Vertx vertx, HostConfiguration configuration, Services services) {
    return start(vertx, configuration, services, Neighbours.NONE);
  }

  /** Starts one of several hosts. */
  public static Future<Host> start(
      Vertx vertx, HostConfiguration configuration, Services services, Neighbours neighbours) {
    HostVerticle verticle = new HostVerticle(configuration, services, neighbours);
    return vertx.deployVerticle(verticle).map(id -> new Host(vertx, verticle.loop(), verticle, id));
  }

  /** The port of the HTTP listener. */
  public int port() {
    return verticle.port();
  }

  /** Uses another configuration of the same file from now on; runs that go on keep theirs. */
  public Future<Void> reload(HostConfiguration configuration) {
    return onLoop(() -> verticle.reload(configuration));
  }

  /**
   * Takes nothing new on, gives what runs its time, then asks it to stop, and ends when all is settled.
   *
   * @param patience how long running work may go on
   */
  public Future<Void> drain(Duration patience) {
    return onLoop(() -> verticle.drain(patience)).eventually(() -> vertx.undeploy(deployment));
  }

  /** Ends so with the configuration's patience, {@code limits.drain}, as it is by now. */
  public Future<Void> drain() {
    return onLoop(() -> Future.succeededFuture(verticle.patience())).compose(this::drain);
  }

  /** Ends a drain's patience. */
  public void hurry() {
    loop.runOnContext(now -> verticle.hurry());
  }

  private <T> Future<T> onLoop(Supplier<Future<T>> act) {
    return Future.future(promise -> loop.runOnContext(go -> act.get().onComplete(promise)));
  }
}
