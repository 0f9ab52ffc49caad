package io.heartbeat4j.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;
import org.apiguardian.api.API;

/** The id of an approval that the board decides. */
@API(status = API.Status.STABLE, since = "1.0")
public record ApprovalId(@JsonValue UUID value) implements ProtocolId {

  /** Parses a UUID; throws {@link IllegalArgumentException} if {@code text} is not one. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static ApprovalId of(String text) {
    return new ApprovalId(ProtocolId.parse("approval id", text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
