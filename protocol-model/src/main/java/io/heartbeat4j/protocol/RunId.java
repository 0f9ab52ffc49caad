package io.heartbeat4j.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;
import org.apiguardian.api.API;

/**
 * The id of a heartbeat run. It comes from a wake and is never invented: the server accepts other people's (contract
 * section 2).
 */
@API(status = API.Status.STABLE, since = "1.0")
public record RunId(@JsonValue UUID value) implements ProtocolId {

  /** Parses a UUID; throws {@link IllegalArgumentException} if {@code text} is not one. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static RunId of(String text) {
    return new RunId(ProtocolId.parse("run id", text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
