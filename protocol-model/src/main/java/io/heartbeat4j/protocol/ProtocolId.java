package io.heartbeat4j.protocol;

import java.util.Locale;
import java.util.UUID;
import org.apiguardian.api.API;

/** An id that the server made: always a UUID, never invented by a client. */
@API(status = API.Status.STABLE, since = "1.0")
public sealed interface ProtocolId
    permits AgentId, ApprovalId, CommentId, CompanyId, GoalId, InteractionId, IssueId, ProjectId, RunId {

  UUID value();

  /**
   * Reads a UUID strictly: {@link UUID#fromString} accepts shortened groups, and the server answers 500 to those.
   *
   * @throws IllegalArgumentException naming {@code kind} and the rejected text
   */
  static UUID parse(String kind, String text) {
    String trimmed = text.strip();
    try {
      UUID id = UUID.fromString(trimmed);
      if (id.toString().equals(trimmed.toLowerCase(Locale.ROOT))) {
        return id;
      }
    } catch (IllegalArgumentException malformed) {
      // the message below says more than UUID's own
    }
    String shown = trimmed.length() > 60 ? trimmed.substring(0, 60) + "..." : trimmed;
    throw new IllegalArgumentException(kind + " is not a UUID: '" + shown + "'");
  }
}
