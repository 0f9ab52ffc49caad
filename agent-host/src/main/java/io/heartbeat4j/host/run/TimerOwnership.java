package io.heartbeat4j.host.run;

import io.heartbeat4j.storage.StorageSession;
import io.vertx.core.Future;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which of the hosts that share a storage polls for an agent's timer: the one that has claimed it, until its lease ends.
 * Thread-safe.
 */
public final class TimerOwnership {

  private final StorageSession storage;
  private final Set<String> owned = ConcurrentHashMap.newKeySet();

  public TimerOwnership(StorageSession storage) {
    this.storage = storage;
    storage.onClaimsLost(owned::clear);
  }

  /** Whether this host polls for the agent, by its name. */
  public Future<Boolean> isOwned(String agent) {
    if (!storage.isShared() || owned.contains(agent)) {
      return Future.succeededFuture(true);
    }
    return storage.claim("_timers/" + agent).map(claim -> {
      claim.ifPresent(claimed -> owned.add(agent));
      return claim.isPresent();
    });
  }
}
