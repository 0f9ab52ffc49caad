package io.heartbeat4j.host.run;

import io.heartbeat4j.storage.ClaimLostException;
import io.heartbeat4j.storage.Storage;
import io.heartbeat4j.storage.StorageSession;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to run a heartbeat, among hosts that share a storage: one per agent and issue, and as many per agent as it
 * has slots. Each is a claim on a record of that name. Without other hosts the scheduler alone keeps both rules, and
 * nothing is claimed. Confined to the host's event loop.
 */
final class IssueLocks {

  private static final Logger LOG = LoggerFactory.getLogger(IssueLocks.class);
  private static final String FOLDER = "_locks/";
  private static final long RETRY_MILLIS = 500;

  private final StorageSession storage;
  private final Context loop;

  IssueLocks(StorageSession storage, Context loop) {
    this.storage = storage;
    this.loop = loop;
  }

  /** A lock that was acquired. */
  record Lock(List<Storage.Claim> claims) {

    static final Lock NONE = new Lock(List.of());

    void release() {
      claims.forEach(claim -> claim.delete()
          .onFailure(failed -> LOG.debug("the lock {} ends with its lease", claim.name(), failed)));
    }
  }

  /**
   * Completes when no other host works for the run's agent on its issue and the agent has a free slot, or when the run
   * is asked to stop. Waits while the storage can't be asked. Fails where the run is abandoned meanwhile.
   */
  Future<Lock> acquire(HostedRun run) {
    if (!storage.isShared()) {
      return Future.succeededFuture(Lock.NONE);
    }
    Promise<Lock> acquired = Promise.promise();
    attempt(run, acquired);
    return acquired.future();
  }

  private void attempt(HostedRun run, Promise<Lock> acquired) {
    if (run.isAbandoned()) {
      acquired.fail(new ClaimLostException("another host may execute run " + run.id()));
      return;
    }
    if (run.isStopRequested()) {
      acquired.complete(Lock.NONE);
      return;
    }
    String agent = FOLDER + run.identity().id();
    String issue = run.issue().map(Object::toString).orElse("none");
    storage.claim(agent + "/issues/" + issue).compose(lock -> lock.isEmpty()
        ? Future.succeededFuture(Optional.<Lock>empty())
        : claimSlot(agent, run.agent().configuration().slots(), lock.get()))
        .onComplete(result -> loop.runOnContext(now -> {
          if (result.failed()) {
            LOG.warn("run {} waits for a lock that can't be claimed now: {}", run.id(), result.cause().getMessage());
          }
          if (result.succeeded() && result.result().isPresent()) {
            acquired.complete(result.result().get());
          } else {
            loop.owner().setTimer(RETRY_MILLIS, again -> attempt(run, acquired));
          }
        }));
  }

  private Future<Optional<Lock>> claimSlot(String agent, int slots, Storage.Claim issue) {
    Future<Optional<Storage.Claim>> free = Future.succeededFuture(Optional.empty());
    for (int slot : IntStream.rangeClosed(1, slots).toArray()) {
      free = free.compose(found -> found.isPresent()
          ? Future.succeededFuture(found)
          : storage.claim(agent + "/slots/" + slot));
    }
    return free.compose(slot -> slot.isPresent()
        ? Future.succeededFuture(Optional.of(new Lock(new ArrayList<>(List.of(issue, slot.get())))))
        : issue.delete().map(Optional.empty()));
  }
}
