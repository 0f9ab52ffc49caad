package io.heartbeat4j.host.run;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Pool of event loops for heartbeats, so that the host's own event loop is free for wakes and requests. All heartbeats
 * of an agent run on one of them. Deployed from a verticle and undeployed with it.
 */
public final class EventLoopPool {

  private final List<Context> loops;

  private EventLoopPool(List<Context> loops) {
    this.loops = loops;
  }

  public static Future<EventLoopPool> open(Vertx vertx, int count) {
    List<EventLoopVerticle> lanes = IntStream.range(0, count).mapToObj(i -> new EventLoopVerticle()).toList();
    return Future.all(lanes.stream().map(vertx::deployVerticle).toList())
        .map(deployed -> new EventLoopPool(lanes.stream().map(EventLoopVerticle::eventLoop).toList()));
  }

  /** Runs the action on the agent's event loop; the result completes on {@code back}. */
  <T> Future<T> runOnAgentLoop(String agent, Context back, Supplier<Future<T>> act) {
    Promise<T> result = Promise.promise();
    Context lane = loops.get(Math.floorMod(agent.hashCode(), loops.size()));
    lane.runOnContext(go -> {
      Future<T> acted;
      try {
        acted = act.get();
      } catch (RuntimeException bug) {
        acted = Future.failedFuture(bug);
      }
      acted.onComplete(done -> back.runOnContext(home -> result.handle(done)));
    });
    return result.future();
  }

  private static final class EventLoopVerticle extends VerticleBase {
    Context eventLoop() {
      return context;
    }
  }
}
