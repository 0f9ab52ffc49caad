package io.heartbeat4j.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Map;
import java.util.Optional;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * The body of a PATCH of an issue (step 8). An {@link IssueUpdate} always has a comment; only a {@link SilentUpdate},
 * for an issue whose thread has the text already, has none. There is no status {@code cancelled}: an agent never
 * cancels.
 */
@API(status = API.Status.EXPERIMENTAL, since = "1.0")
public sealed interface IssuePatch permits IssueUpdate, SilentUpdate {

  /** The JSON of the request, an explicit null included. */
  @JsonValue
  Map<String, @Nullable Object> fields();

  default IssueStatus status() {
    return (IssueStatus) Optional.ofNullable(fields().get("status")).orElseThrow();
  }

  default Optional<String> comment() {
    return Optional.ofNullable((String) fields().get("comment"));
  }

  /** Whether the update gives the issue to somebody else, which ends the own run. */
  default boolean isHandOff() {
    return fields().containsKey("assigneeUserId");
  }

  /** The same path, and in review: what a reviewer may say instead of {@code blocked}, which would reject the work. */
  IssuePatch stayingInReview();

  /**
   * The same path, but not in review, which would give an issue with stages to its reviewer: blocked, or in progress
   * until its monitor is due.
   */
  IssuePatch avoidingReview();
}
