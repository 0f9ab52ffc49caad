package io.heartbeat4j.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import org.apiguardian.api.API;

/** A person, by the server's own name for them; on a local server the board is {@code local-board}. */
@API(status = API.Status.STABLE, since = "1.0")
public record UserId(@JsonValue String value) {

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public UserId {
    if (value.isBlank()) {
      throw new IllegalArgumentException("user id is blank");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
