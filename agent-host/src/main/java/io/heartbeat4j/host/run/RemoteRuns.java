package io.heartbeat4j.host.run;

import io.heartbeat4j.host.run.AdmissionResult.RunView;
import io.heartbeat4j.heartbeat.outcome.WorkFailure;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.storage.StorageSession;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Runs that this host does not execute, or not yet: their end is polled in the storage, and a request
 * to stop is sent as a message. Confined to the host's event loop.
 */
final class RemoteRuns {

  private static final String STOP = "stop";
  private static final long POLL_MILLIS = 1_000;

  private final StorageSession storage;
  private final RunStore store;
  private final Context loop;
  private final Map<RunId, Promise<RunView>> awaited = new HashMap<>();

  RemoteRuns(StorageSession storage, RunStore store, Context loop) {
    this.storage = storage;
    this.store = store;
    this.loop = loop;
  }

  /**
   * Completes with a run as soon as this host has it, or its result is in the storage; fails where no host has it any
   * more.
   */
  Future<RunView> await(RunId run) {
    Promise<RunView> known = awaited.get(run);
    if (known == null) {
      known = Promise.promise();
      awaited.put(run, known);
      known.future().onComplete(over -> awaited.remove(run));
      poll(run, known);
    }
    return known.future();
  }

  private void poll(RunId run, Promise<RunView> known) {
    store.find(run).onComplete(found -> {
      if (found.succeeded() && found.result().isEmpty()) {
        known.tryFail("the run is not known any more");
      } else if (found.succeeded() && found.result().get().ending() != null) {
        known.tryComplete(RunView.of(found.result().get()));
      }
      if (!known.future().isComplete()) {
        loop.owner().setTimer(POLL_MILLIS, again -> poll(run, known));
      }
    });
  }

  /** Has to be told of each run that this host executes from now on, before its first event. */
  void arrived(HostedRun run) {
    Promise<RunView> known = awaited.get(run.id());
    if (known != null) {
      known.tryComplete(RunView.of(run));
    }
  }

  /** Asks the host that executes the run to stop it. */
  void stop(RunId run, WorkFailure why) {
    storage.publish(STOP, run + " " + why.kind() + " " + why.message());
  }

  /** Receives the requests of other hosts to stop a run. */
  void onStop(BiConsumer<RunId, WorkFailure> receiver) {
    storage.subscribe(STOP, text -> loop.runOnContext(now -> {
      String[] parts = text.split(" ", 3);
      receiver.accept(RunId.of(parts[0]), new WorkFailure(WorkFailure.Kind.valueOf(parts[1]), parts[2]));
    }));
  }
}
