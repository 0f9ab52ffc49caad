package io.heartbeat4j.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;
import org.apiguardian.api.API;

/** The id of an issue (a task); its short name is the {@code identifier}, such as CON-1. */
@API(status = API.Status.STABLE, since = "1.0")
public record IssueId(@JsonValue UUID value) implements ProtocolId {

  /** Parses a UUID; throws {@link IllegalArgumentException} if {@code text} is not one. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static IssueId of(String text) {
    return new IssueId(ProtocolId.parse("issue id", text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
