package io.heartbeat4j.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import org.apiguardian.api.API;

/** The status of a heartbeat run. An open set: a value that this version does not know is kept as it came. */
@API(status = API.Status.STABLE, since = "1.0")
public record RunStatus(@JsonValue String wire) {

  public static final RunStatus QUEUED = new RunStatus("queued");
  public static final RunStatus RUNNING = new RunStatus("running");
  public static final RunStatus SUCCEEDED = new RunStatus("succeeded");
  public static final RunStatus FAILED = new RunStatus("failed");
  public static final RunStatus CANCELLED = new RunStatus("cancelled");
  public static final RunStatus TIMED_OUT = new RunStatus("timed_out");

  /** The server was away, and its sweep found the run's process gone when it was back. */
  public static final RunStatus INTERRUPTED = new RunStatus("interrupted");

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public RunStatus {}

  /** Whether the server has ended the run: its writes to an issue in progress are refused (contract section 7). */
  public boolean isOver() {
    return equals(SUCCEEDED) || equals(FAILED) || equals(CANCELLED) || equals(TIMED_OUT) || equals(INTERRUPTED);
  }

  @Override
  public String toString() {
    return wire;
  }
}
