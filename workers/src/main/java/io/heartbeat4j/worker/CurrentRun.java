package io.heartbeat4j.worker;

import io.heartbeat4j.protocol.RunId;
import java.time.Instant;
import java.util.Optional;
import org.apiguardian.api.API;
import org.slf4j.Logger;

/** The run that the work belongs to. Thread-safe; the runtime implements it. */
@API(status = API.Status.STABLE, since = "1.0")
public interface CurrentRun {

  RunId id();

  /** When the runtime will ask the work to stop; empty where it has no limit. */
  Optional<Instant> deadline();

  /** Asked first when the work should stop; after a grace period the thread is interrupted. */
  CancellationToken cancellation();

  /** Adds a line to the run's log; secrets are masked. Counts as a sign of life. */
  void reportProgress(String line);

  /**
   * Names the conversation that the work is part of, for the run's record. The last one named counts.
   *
   * @param id as the model's provider or the agent's program names it
   */
  void reportSession(String id);

  /** The text without the secrets that the runtime knows, for what a worker itself writes to a file or a request. */
  String redact(String text);

  /** A logger whose lines carry agent, run and issue. */
  Logger logger();
}
