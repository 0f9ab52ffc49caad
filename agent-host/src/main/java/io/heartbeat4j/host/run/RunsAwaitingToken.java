package io.heartbeat4j.host.run;

import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.protocol.RunId;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs that an earlier host, or one beside this that is gone, has accepted with a token that is stored nowhere: each
 * goes on once this host has claimed its record and its wake has come again, in whichever order. Confined to the host's
 * event loop.
 */
final class RunsAwaitingToken {

  private final Vertx vertx;
  private final Duration patience;
  private final Consumer<StoredRun> onGivenUp;
  private final Map<RunId, StoredRun> claimed = new HashMap<>();
  private final Map<RunId, IncomingWake> wakes = new HashMap<>();

  /**
   * @param patience how long a claimed run waits for its wake
   * @param onGivenUp receives a run whose wake did not come
   */
  RunsAwaitingToken(Vertx vertx, Duration patience, Consumer<StoredRun> onGivenUp) {
    this.vertx = vertx;
    this.patience = patience;
    this.onGivenUp = onGivenUp;
  }

  /** Keeps a run that this host has claimed. */
  void addClaimed(StoredRun run) {
    claimed.put(run.run(), run);
    vertx.setTimer(patience.toMillis(), late -> {
      if (claimed.remove(run.run(), run)) {
        onGivenUp.accept(run);
      }
    });
  }

  /** Keeps a wake whose run this host has not claimed. */
  void addWake(IncomingWake wake) {
    wakes.put(wake.run(), wake);
    vertx.setTimer(patience.toMillis(), late -> wakes.remove(wake.run(), wake));
  }

  /** A run that this host has claimed. */
  Optional<StoredRun> claimed(RunId run) {
    return Optional.ofNullable(claimed.get(run));
  }

  /** The wake that came again for the run. */
  Optional<IncomingWake> wake(RunId run) {
    return Optional.ofNullable(wakes.get(run));
  }

  /** Whether a wake with this token has come again for the run. */
  boolean hasToken(RunId run, AgentToken token) {
    return wake(run).filter(wake -> wake.token().equals(token)).isPresent();
  }

  /** Forgets a run that goes on or has ended. */
  void remove(RunId run) {
    claimed.remove(run);
    wakes.remove(run);
  }
}
