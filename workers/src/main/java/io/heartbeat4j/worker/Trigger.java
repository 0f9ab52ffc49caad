package io.heartbeat4j.worker;

import io.heartbeat4j.protocol.ApprovalId;
import io.heartbeat4j.protocol.ApprovalStatus;
import io.heartbeat4j.protocol.InteractionStatus;
import io.heartbeat4j.protocol.WakeReason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * Why the issue is worked on now. The variants are complete for all of version 1: a kind of wake that is new on the
 * server arrives as {@link Assigned} with its reason, so that a switch over this type never breaks.
 */
@API(status = API.Status.STABLE, since = "1.0")
public sealed interface Trigger {

  /**
   * The issue is the agent's, and nothing more particular happened: assigned, found in the inbox, reopened, due, or a
   * reason that this version does not know.
   *
   * @param reason the server's word; empty where the issue was found in the inbox
   */
  record Assigned(Optional<WakeReason> reason) implements Trigger {}

  /** A person or an agent commented or mentioned the agent; the last comment is the newest. Never empty. */
  record Commented(List<CommentView> comments) implements Trigger {
    public Commented {
      comments = List.copyOf(comments);
      if (comments.isEmpty()) {
        throw new IllegalArgumentException("a comment trigger needs a comment");
      }
    }

    public CommentView latest() {
      return comments.get(comments.size() - 1);
    }
  }

  /**
   * A card was answered.
   *
   * @param kind the card's kind, such as {@code request_confirmation}
   * @param result the answer as the server gave it; empty where it could not be read
   * @param words what was asked, and the answer, as people read them on the card; empty where the card has no words
   */
  record InteractionAnswered(String kind, InteractionStatus status, Map<String, Object> result, String words)
      implements
        Trigger {
    public InteractionAnswered {
      result = Map.copyOf(result);
    }

    public boolean isAccepted() {
      return status.equals(InteractionStatus.ACCEPTED) || status.equals(InteractionStatus.ANSWERED);
    }
  }

  /** A stage of review waits for this agent's verdict. */
  record ReviewRequested(ReviewAssignment review) implements Trigger {}

  /**
   * The board decided an approval that is linked to the issue.
   *
   * @param note what the board wrote with the decision
   */
  record ApprovalDecided(ApprovalId approval, ApprovalStatus status, Optional<String> note) implements Trigger {}

  /**
   * The blockers or subtasks that the issue waited for are done.
   *
   * @param subtasks with their newest comments; empty where the issue waited for other issues
   */
  record Unblocked(WakeReason reason, List<RelatedIssue> subtasks) implements Trigger {
    public Unblocked {
      subtasks = List.copyOf(subtasks);
    }
  }
}
