package io.heartbeat4j.host.run;

import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.storage.StorageSession;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.BiConsumer;

/**
 * Runs that another host executes, as this one sees them: their end is polled in the storage, and a request to stop is
 * sent as a message. Confined to the host's event loop.
 */
final class RemoteRuns {

  private static final String STOP = "stop";
  private static final long POLL_MILLIS = 1_000;

  private final StorageSession storage;
  private final RunStore store;
  private final Context loop;

  RemoteRuns(StorageSession storage, RunStore store, Context loop) {
    this.storage = storage;
    this.store = store;
    this.loop = loop;
  }

  /** Completes with the result of a run, once it is in the storage; fails where no host has the run any more. */
  Future<RunResult> awaitResult(RunId run) {
    Promise<RunResult> result = Promise.promise();
    poll(run, result);
    return result.future();
  }

  private void poll(RunId run, Promise<RunResult> result) {
    store.find(run).onComplete(found -> {
      if (found.succeeded() && found.result().isEmpty()) {
        result.fail("the run is not known any more");
      } else if (found.succeeded() && found.result().get().ending() != null) {
        result.complete(found.result().get().ending());
      } else {
        loop.owner().setTimer(POLL_MILLIS, again -> poll(run, result));
      }
    });
  }

  /** Asks the host that executes the run to stop it. */
  void stop(RunId run, String why) {
    storage.publish(STOP, run + " " + why);
  }

  /** Receives the requests of other hosts to stop a run. */
  void onStop(BiConsumer<RunId, String> receiver) {
    storage.subscribe(STOP, text -> loop.runOnContext(now -> {
      int space = text.indexOf(' ');
      receiver.accept(RunId.of(text.substring(0, space)), text.substring(space + 1));
    }));
  }
}
