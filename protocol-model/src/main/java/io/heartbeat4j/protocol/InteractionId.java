package io.heartbeat4j.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;
import org.apiguardian.api.API;

/** The id of a card on an issue: a confirmation or a set of questions. */
@API(status = API.Status.STABLE, since = "1.0")
public record InteractionId(@JsonValue UUID value) implements ProtocolId {

  /** Parses a UUID; throws {@link IllegalArgumentException} if {@code text} is not one. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static InteractionId of(String text) {
    return new InteractionId(ProtocolId.parse("interaction id", text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
