package io.heartbeat4j.host.cluster;

import io.heartbeat4j.host.run.HostedRun;
import io.heartbeat4j.host.run.RunListener;
import io.heartbeat4j.protocol.RunId;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;

/**
 * The other hosts beside this one. Each agent is at home on one of them at a time, where its wakes are taken in and its
 * timer looks; a run stays where it was taken in and is found from everywhere. Called on the host's event loop.
 */
public interface Neighbours extends RunListener {

  /** There are none. */
  Neighbours NONE = new Neighbours() {
  };

  /** The right to work on one issue of an agent. */
  interface Turn {
    void end();
  }

  /** Adds what sends a request on to the host that it concerns; before the host's own routes. */
  default void mount(Router router, Here here) {}

  /** The host can be reached: it takes its share from now on. */
  default void open(Here here) {}

  /** Whether the agent is at home here now. */
  default boolean isHome(String agent) {
    return true;
  }

  /** Whether an unfinished run of this host's file is still its own; false where another host has it by now. */
  default Future<Boolean> keeps(RunId run) {
    return Future.succeededFuture(true);
  }

  /**
   * Completes when no other host works for the run's agent on its issue, or when the run is asked to stop. Never fails:
   * where nobody can be asked, the server's own checkout is the guard.
   */
  default Future<Turn> turn(HostedRun run) {
    return Future.succeededFuture(() -> {});
  }

  /** The host is about to end: its agents move, its runs are still found here. */
  default void leave() {}

  /** The host's file is closed; another may take it over. */
  default Future<Void> close() {
    return Future.succeededFuture();
  }
}
