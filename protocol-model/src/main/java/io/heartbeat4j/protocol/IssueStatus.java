package io.heartbeat4j.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import org.apiguardian.api.API;

/**
 * The status of an issue (contract section 5). An open set: a value that this version does not know is kept as it came.
 */
@API(status = API.Status.STABLE, since = "1.0")
public record IssueStatus(@JsonValue String wire) {

  public static final IssueStatus BACKLOG = new IssueStatus("backlog");
  public static final IssueStatus TODO = new IssueStatus("todo");
  public static final IssueStatus IN_PROGRESS = new IssueStatus("in_progress");
  public static final IssueStatus IN_REVIEW = new IssueStatus("in_review");
  public static final IssueStatus DONE = new IssueStatus("done");
  public static final IssueStatus BLOCKED = new IssueStatus("blocked");
  public static final IssueStatus CANCELLED = new IssueStatus("cancelled");

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public IssueStatus {}

  /** Whether nobody is expected to work on the issue any more. Checking such an issue out would reopen it. */
  public boolean isClosed() {
    return equals(DONE) || equals(CANCELLED);
  }

  @Override
  public String toString() {
    return wire;
  }
}
