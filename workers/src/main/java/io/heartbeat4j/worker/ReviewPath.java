package io.heartbeat4j.worker;

import io.heartbeat4j.protocol.ApprovalId;
import io.heartbeat4j.protocol.UserId;
import org.apiguardian.api.API;

/** How finished work gets reviewed. The server refuses the status in_review without such a path (contract section 7). */
@API(status = API.Status.STABLE, since = "1.0")
public sealed interface ReviewPath {

  /** A card on the issue: its answer wakes the agent. */
  record Card(Question question) implements ReviewPath {}

  /**
   * A decision of the board, asked for now.
   *
   * @param then what an approval means for the issue
   */
  record BoardApproval(String title, String summary, WhenApproved then) implements ReviewPath {
    public BoardApproval {
      title = TextValidator.requireNonBlank("the approval's title", title);
      summary = TextValidator.requireNonBlank("the approval's summary", summary);
    }
  }

  /** A decision of the board that is already pending and linked to the issue. */
  record PendingApproval(ApprovalId approval, WhenApproved then) implements ReviewPath {}

  /** A person gets the issue. The server ends the agent's run with that write. */
  record Person(UserId user) implements ReviewPath {}

  /** What an approval means for the issue that waited for it. */
  enum WhenApproved {
    /** The decision was all that the issue waited for: it is closed. */
    CLOSE,
    /** There is work to do with the decision. */
    CONTINUE
  }
}
