package io.heartbeat4j.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import org.apiguardian.api.API;

/** The status of a card. An open set: a value that this version does not know is kept as it came. */
@API(status = API.Status.STABLE, since = "1.0")
public record InteractionStatus(@JsonValue String wire) {

  public static final InteractionStatus PENDING = new InteractionStatus("pending");
  public static final InteractionStatus ACCEPTED = new InteractionStatus("accepted");
  public static final InteractionStatus REJECTED = new InteractionStatus("rejected");
  public static final InteractionStatus ANSWERED = new InteractionStatus("answered");
  public static final InteractionStatus CANCELLED = new InteractionStatus("cancelled");
  public static final InteractionStatus EXPIRED = new InteractionStatus("expired");

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public InteractionStatus {}

  @Override
  public String toString() {
    return wire;
  }
}
