package io.heartbeat4j.cluster;

import io.heartbeat4j.host.cluster.Neighbours.Turn;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.RunId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.AsyncMap;
import io.vertx.core.spi.cluster.ClusterManager;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who works on an issue for an agent: one host at a time. A home that has just moved, and {@code heartbeat wake} on two
 * machines, would make it two. What a host held that is gone is free. Not the shared data's locks, since those hold a
 * thread while they wait, and this may wait for hours.
 */
final class Works {

  private static final Logger LOG = LoggerFactory.getLogger(Works.class);
  private static final long AGAIN_MILLIS = 300;

  private final Vertx vertx;
  private final ClusterManager manager;
  private final AsyncMap<String, String> holders;

  private Works(Vertx vertx, ClusterManager manager, AsyncMap<String, String> holders) {
    this.vertx = vertx;
    this.manager = manager;
    this.holders = holders;
  }

  static Future<Works> open(Vertx vertx, ClusterManager manager) {
    return vertx.sharedData().<String, String>getAsyncMap("heartbeat4j.works")
        .map(holders -> new Works(vertx, manager, holders));
  }

  /** @param isToStop whether to wait no longer */
  Future<Turn> turn(AgentId agent, Optional<IssueId> issue, RunId run, BooleanSupplier isToStop) {
    Promise<Turn> turn = Promise.promise();
    attempt(agent + " " + issue.map(Object::toString).orElse("-"), manager.getNodeId() + " " + run, isToStop, turn);
    return turn.future();
  }

  private void attempt(String work, String mine, BooleanSupplier isToStop, Promise<Turn> turn) {
    take(work, mine).onComplete(taken -> {
      if (taken.succeeded() && taken.result()) {
        turn.complete(() -> end(work, mine));
      } else if (isToStop.getAsBoolean()) {
        turn.complete(() -> {});
      } else if (taken.failed()) {
        LOG.warn("the other hosts can't be asked whether one works on {}; the server's checkout decides", work,
            taken.cause());
        turn.complete(() -> end(work, mine));
      } else {
        vertx.setTimer(AGAIN_MILLIS, again -> attempt(work, mine, isToStop, turn));
      }
    });
  }

  private Future<Boolean> take(String work, String mine) {
    return holders.putIfAbsent(work, mine).compose(holder -> {
      if (holder == null || holder.equals(mine)) {
        return Future.succeededFuture(true);
      }
      return manager.getNodes().contains(holder.substring(0, holder.indexOf(' ')))
          ? Future.succeededFuture(false)
          : holders.replaceIfPresent(work, holder, mine);
    });
  }

  private void end(String work, String mine) {
    holders.removeIfPresent(work, mine).onFailure(failure -> LOG.warn("{} is not free yet", work, failure));
  }
}
