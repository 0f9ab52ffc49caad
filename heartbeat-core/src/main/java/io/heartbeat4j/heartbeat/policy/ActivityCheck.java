package io.heartbeat4j.heartbeat.policy;

import io.heartbeat4j.heartbeat.memory.LastDisposition;
import io.heartbeat4j.heartbeat.memory.LastDisposition.WaitsFor;
import io.heartbeat4j.heartbeat.work.WorkItem;
import io.heartbeat4j.heartbeat.work.WorkerViewMapper;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.Comment;
import io.heartbeat4j.protocol.WakeReason;
import io.heartbeat4j.worker.CommentView;
import io.heartbeat4j.worker.Trigger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Whether anything new has come from others. The agent's own comments and the server's notices never are. Pure. */
public final class ActivityCheck {

  private ActivityCheck() {}

  /** Somebody has said something or answered since {@code since}. */
  public static boolean hasActivitySince(AgentId self, WorkItem item, Instant since) {
    return switch (item.trigger()) {
      case Trigger.InteractionAnswered interactionAnswered -> true;
      case Trigger.ApprovalDecided approvalDecided -> true;
      case Trigger.ReviewRequested asked -> false;
      case Trigger.Commented commented ->
        commented.comments().stream().anyMatch(comment -> isFrom(self, comment, since));
      case Trigger.Unblocked unblocked -> false;
      case Trigger.Assigned assigned -> false;
    } || item.comments().stream().map(WorkerViewMapper::comment).anyMatch(comment -> isFrom(self, comment, since));
  }

  private static boolean isFrom(AgentId self, CommentView comment, Instant since) {
    return !comment.isBy(self) && !comment.isBySystem()
        && comment.createdAt().filter(at -> at.isAfter(since)).isPresent();
  }

  /** There is a reason to take the issue up again after the agent's own last disposition of it. */
  public static boolean hasReasonToResume(LastDisposition last, AgentId self, WorkItem item, Instant now) {
    if (answered(last, self, item)) {
      return true;
    }
    return switch (item.trigger()) {
      case Trigger.InteractionAnswered interactionAnswered -> true;
      case Trigger.ApprovalDecided approvalDecided -> true;
      case Trigger.ReviewRequested asked -> false;
      case Trigger.Unblocked unblocked -> last.waitsFor() == WaitsFor.ISSUES;
      case Trigger.Commented commented -> false;
      case Trigger.Assigned assigned -> last.until() != null && !last.until().isAfter(now);
    };
  }

  /** The thread is compared with the disposition's own comment, not by time: clocks differ. */
  private static boolean answered(LastDisposition last, AgentId self, WorkItem item) {
    List<Comment> thread = item.comments();
    int own = -1;
    for (int i = 0; i < thread.size(); i++) {
      if (thread.get(i).isBy(self) || thread.get(i).id().equals(last.comment())) {
        own = i;
      }
    }
    return thread.subList(own + 1, thread.size()).stream()
        .anyMatch(comment -> !comment.isBy(self) && !comment.isBySystem());
  }

  /**
   * Whether somebody has done something to the issue that is not a comment: it may be worked, but not again and again.
   */
  public static boolean isExternalAct(WorkItem item) {
    return item.trigger() instanceof Trigger.ReviewRequested || (item.trigger() instanceof Trigger.Assigned assigned
        && assigned.reason().filter(WakeReason::isExternalAct).isPresent());
  }

  /** Whether the disposition waits for others, so that a wake without news is none of the agent's business. */
  public static boolean isWaiting(Optional<LastDisposition> last) {
    return last.filter(disposition -> switch (disposition.waitsFor()) {
      case ISSUES, ANSWER, APPROVAL, TIME, PERSON, BUDGET -> true;
      case NOTHING, ITSELF -> false;
    }).isPresent();
  }
}
