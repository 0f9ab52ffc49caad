package io.heartbeat4j.host.run;

import io.heartbeat4j.storage.ClaimLostException;
import io.heartbeat4j.storage.Storage;
import io.heartbeat4j.storage.StorageSession;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to run a heartbeat, among hosts that share a storage: one per agent and issue, and as many per agent and per
 * company as they have slots. Each is a claim on a record of that name. Without other hosts the scheduler alone keeps
 * these rules, and nothing is claimed. Confined to the host's event loop.
 */
final class IssueLocks {

  private static final Logger LOG = LoggerFactory.getLogger(IssueLocks.class);
  private static final String FOLDER = "_locks/";
  private static final long RETRY_MILLIS = 500;
  private static final int MAX_ATTEMPTS = 8; // others claim at the same time

  private final StorageSession storage;
  private final Context loop;

  IssueLocks(StorageSession storage, Context loop) {
    this.storage = storage;
    this.loop = loop;
  }

  /** A lock that was acquired. */
  record Lock(List<Storage.Claim> claims) {

    static final Lock NONE = new Lock(List.of());

    static Lock of(Storage.Claim claim) {
      return new Lock(List.of(claim));
    }

    Lock with(Storage.Claim claim) {
      return new Lock(Stream.concat(claims.stream(), Stream.of(claim)).toList());
    }

    void release() {
      claims.forEach(Lock::delete);
    }

    private static void delete(Storage.Claim claim) {
      claim.delete().onFailure(failed -> LOG.debug("the lock {} ends with its lease", claim.name(), failed));
    }
  }

  /**
   * Completes when no other host works for the run's agent on its issue and agent and company have a free slot, or when
   * the run is asked to stop. Waits while the storage can't be asked. Fails where the run is abandoned meanwhile.
   */
  Future<Lock> acquire(HostedRun run, int companySlots) {
    if (!storage.isShared()) {
      return Future.succeededFuture(Lock.NONE);
    }
    Promise<Lock> acquired = Promise.promise();
    attempt(run, companySlots, acquired);
    return acquired.future();
  }

  private void attempt(HostedRun run, int companySlots, Promise<Lock> acquired) {
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
    String company = FOLDER + "companies/" + run.identity().company();
    Future<Optional<Lock>> lock = storage.claim(agent + "/issues/" + issue).map(claim -> claim.map(Lock::of));
    lock.compose(held -> withSlot(held, agent + "/slots", run.agent().configuration().slots()))
        .compose(held -> withSlot(held, company + "/slots", companySlots))
        .onComplete(result -> loop.runOnContext(now -> {
          if (result.failed()) {
            LOG.warn("run {} waits for a lock that can't be claimed now: {}", run.id(), result.cause().getMessage());
          }
          if (result.succeeded() && result.result().isPresent() && !run.isAbandoned()) {
            acquired.complete(result.result().get());
          } else {
            loop.owner().setTimer(RETRY_MILLIS, again -> attempt(run, companySlots, acquired));
          }
        }));
  }

  /** Adds a slot; gives all up where none is free. */
  private Future<Optional<Lock>> withSlot(Optional<Lock> held, String folder, int slots) {
    if (held.isEmpty() || slots == Integer.MAX_VALUE) {
      return Future.succeededFuture(held);
    }
    return claimSlot(folder, slots).onFailure(failed -> held.get().release()).map(slot -> {
      if (slot.isEmpty()) {
        held.get().release();
      }
      return slot.map(claim -> held.get().with(claim));
    });
  }

  /** One that is free, or was of a host that is gone. A slot's record goes with its claim, so that one list tells. */
  private Future<Optional<Storage.Claim>> claimSlot(String folder, int slots) {
    return storage.list(folder).compose(taken -> {
      Future<Optional<Storage.Claim>> claimed = Future.succeededFuture(Optional.empty());
      List<String> free = IntStream.rangeClosed(1, slots).mapToObj(slot -> folder + "/" + slot)
          .filter(slot -> !taken.contains(slot)).limit(MAX_ATTEMPTS).toList();
      for (String slot : free) {
        claimed = claimed.compose(found -> found.isPresent() ? Future.succeededFuture(found) : storage.claim(slot));
      }
      return free.isEmpty() ? storage.claimAll(folder).map(IssueLocks::keepOne) : claimed;
    });
  }

  /** Those of hosts that are gone. */
  private static Optional<Storage.Claim> keepOne(List<Storage.Claim> left) {
    left.stream().skip(1).forEach(Lock::delete);
    return left.stream().findFirst();
  }
}
