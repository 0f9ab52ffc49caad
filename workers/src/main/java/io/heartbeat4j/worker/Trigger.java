package io.heartbeat4j.worker;

import io.heartbeat4j.protocol.Approval;
import io.heartbeat4j.protocol.Comment;
import io.heartbeat4j.protocol.InteractionStatus;
import io.heartbeat4j.protocol.WakeReason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why the work is taken up now: the immediate reason, apart from what the issue says. */
public sealed interface Trigger {

  /** The issue is the agent's, and nothing more particular happened: assigned, found in the inbox, reopened, due. */
  record Assigned(@Nullable WakeReason reason) implements Trigger {
    public Optional<WakeReason> wakeReason() {
      return Optional.ofNullable(reason);
    }
  }

  /** Somebody commented or mentioned the agent; the last comment is the newest. Never empty. */
  record Commented(List<Comment> comments) implements Trigger {
    public Commented {
      comments = List.copyOf(comments);
      if (comments.isEmpty()) {
        throw new IllegalArgumentException("a comment trigger needs a comment");
      }
    }

    public Comment latest() {
      return comments.get(comments.size() - 1);
    }
  }

  /**
   * A card was answered.
   *
   * @param kind the card's kind, such as {@code request_confirmation}
   * @param result the answer as the server gave it; empty where it could not be read
   */
  record InteractionAnswered(String kind, InteractionStatus status, Map<String, Object> result) implements Trigger {
    public InteractionAnswered {
      result = Map.copyOf(result);
    }

    public boolean isAccepted() {
      return status.equals(InteractionStatus.ACCEPTED) || status.equals(InteractionStatus.ANSWERED);
    }
  }

  /** Somebody's work waits for this agent's verdict. */
  record ReviewRequested(ReviewAssignment review) implements Trigger {}

  /** The board decided an approval that is linked to the issue. */
  record ApprovalDecided(Approval approval) implements Trigger {}

  /** The blockers or subtasks that the issue waited for are done. */
  record Unblocked(WakeReason reason, List<Map<String, Object>> subtasks) implements Trigger {
    public Unblocked {
      subtasks = List.copyOf(subtasks);
    }
  }
}
