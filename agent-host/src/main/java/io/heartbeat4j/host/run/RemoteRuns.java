package io.heartbeat4j.host.run;

import io.heartbeat4j.host.run.AdmissionResult.RunView;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.storage.StorageSession;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Runs that this host does not execute, or not yet: they are looked for until they are here or have ended, and a request
 * to stop is sent as a message. Confined to the host's event loop.
 */
final class RemoteRuns {

  private static final String STOP = "stop";
  private static final long POLL_MILLIS = 1_000;

  private final StorageSession storage;
  private final Context loop;

  RemoteRuns(StorageSession storage, Context loop) {
    this.storage = storage;
    this.loop = loop;
  }

  /**
   * Completes with a run as soon as this host has it, or its result is in the storage; fails where no host has it any
   * more.
   */
  Future<RunView> await(RunId run, Function<RunId, Future<Optional<RunView>>> find) {
    Promise<RunView> known = Promise.promise();
    poll(run, find, known);
    return known.future();
  }

  private void poll(RunId run, Function<RunId, Future<Optional<RunView>>> find, Promise<RunView> known) {
    find.apply(run).onComplete(found -> {
      if (found.succeeded() && found.result().isEmpty()) {
        known.fail("the run is not known any more");
      } else if (found.succeeded() && found.result().get().canBeFollowed()) {
        known.complete(found.result().get());
      } else {
        loop.owner().setTimer(POLL_MILLIS, again -> poll(run, find, known));
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
