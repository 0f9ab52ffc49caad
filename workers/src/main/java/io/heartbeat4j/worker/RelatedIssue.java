package io.heartbeat4j.worker;

import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.IssueStatus;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * An issue above or below the one that is worked on. Made by the runtime; a later version may add components, so use
 * the accessors, not a record pattern.
 *
 * @param identifier the short name that people use, such as CON-1
 * @param text an ancestor's description; a subtask's newest comment; empty where there is none
 * @param status empty where the server does not say
 */
@API(status = API.Status.STABLE, since = "1.0")
public record RelatedIssue(
    IssueId id, Optional<String> identifier, String title, String text, Optional<IssueStatus> status) {

  /** The short name where there is one, else the id. */
  public String label() {
    return identifier.orElseGet(id::toString);
  }
}
