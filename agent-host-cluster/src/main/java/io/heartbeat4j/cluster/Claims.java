package io.heartbeat4j.cluster;

import io.heartbeat4j.protocol.RunId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.AsyncMap;
import java.time.Duration;
import java.util.Optional;

/** Which host has a run, by the host's name: the same answer everywhere, so that a repeated wake is the same run. */
final class Claims {

  private static final long UNTIL_ACCEPTED = Duration.ofMinutes(1).toMillis();
  private static final long WHILE_IT_RUNS = Duration.ofDays(7).toMillis();
  private static final long AFTER_ITS_END = Duration.ofMinutes(10).toMillis(); // then it is searched for

  private final AsyncMap<String, String> owners;
  private final Members members;

  private Claims(AsyncMap<String, String> owners, Members members) {
    this.owners = owners;
    this.members = members;
  }

  static Future<Claims> open(Vertx vertx, Members members) {
    return vertx.sharedData().<String, String>getAsyncMap("heartbeat4j.runs")
        .map(owners -> new Claims(owners, members));
  }

  /** Whose the run is; empty if nobody's that is known. */
  Future<Optional<String>> owner(RunId run) {
    return owners.get(run.toString()).map(Optional::ofNullable);
  }

  /** Whose the run is, the wanted host's where it was nobody's. */
  Future<String> settle(RunId run, String wanted) {
    return owners.putIfAbsent(run.toString(), wanted, UNTIL_ACCEPTED).map(owner -> owner == null ? wanted : owner);
  }

  /** Gives a run of a host that is gone to another; false if it was given away before. */
  Future<Boolean> handOver(RunId run, String from, String to) {
    return replace(run, from, to, UNTIL_ACCEPTED);
  }

  /** Whether an unfinished run that lies here is this host's to go on with. */
  Future<Boolean> keeps(RunId run) {
    return owners.putIfAbsent(run.toString(), members.self(), WHILE_IT_RUNS).compose(owner -> {
      if (owner == null || owner.equals(members.self())) {
        return Future.succeededFuture(true);
      }
      return members.isPresent(owner)
          ? Future.succeededFuture(false)
          : replace(run, owner, members.self(), WHILE_IT_RUNS);
    });
  }

  /** In two requests, since Hazelcast knows no replacement that ends by itself. */
  private Future<Boolean> replace(RunId run, String from, String to, long millis) {
    return owners.replaceIfPresent(run.toString(), from, to).compose(
        replaced -> replaced ? owners.put(run.toString(), to, millis).map(true) : Future.succeededFuture(false));
  }

  Future<Void> accepted(RunId run) {
    return owners.put(run.toString(), members.self(), WHILE_IT_RUNS);
  }

  Future<Void> ended(RunId run) {
    return owners.put(run.toString(), members.self(), AFTER_ITS_END);
  }
}
