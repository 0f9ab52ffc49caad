package io.heartbeat4j.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import org.apiguardian.api.API;

/**
 * The priority of an issue (contract section 5). An open set: a value that this version does not know is kept as it
 * came.
 */
@API(status = API.Status.STABLE, since = "1.0")
public record Priority(@JsonValue String wire) {

  public static final Priority CRITICAL = new Priority("critical");
  public static final Priority HIGH = new Priority("high");
  public static final Priority MEDIUM = new Priority("medium");
  public static final Priority LOW = new Priority("low");

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public Priority {}

  /** The order in which work is taken: 0 is first; an unknown priority comes after the known ones. */
  public int rank() {
    return switch (wire) {
      case "critical" -> 0;
      case "high" -> 1;
      case "medium" -> 2;
      case "low" -> 3;
      default -> 4;
    };
  }

  @Override
  public String toString() {
    return wire;
  }
}
