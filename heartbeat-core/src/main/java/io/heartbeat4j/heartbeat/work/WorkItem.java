package io.heartbeat4j.heartbeat.work;

import io.heartbeat4j.protocol.Ancestor;
import io.heartbeat4j.protocol.Comment;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.WakeReason;
import io.heartbeat4j.worker.ReviewAssignment;
import io.heartbeat4j.worker.Trigger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a worker needs to know of an issue (step 6).
 *
 * @param goal the title of the issue's goal, where it has one
 * @param comments the whole thread, oldest first
 * @param continuationRejected whether the trigger is a no to the question whether to go on: then there is no work
 * @param review the stage of review that asks the agent, where one does
 */
public record WorkItem(
    Issue issue, List<Ancestor> ancestors, @Nullable String goal, List<Comment> comments, Trigger trigger,
    boolean continuationRejected, @Nullable ReviewAssignment review) {
  public WorkItem {
    ancestors = List.copyOf(ancestors);
    comments = List.copyOf(comments);
  }

  /** The same issue with another trigger. */
  public WorkItem withTrigger(Trigger other) {
    return new WorkItem(issue, ancestors, goal, comments, other, false, review);
  }

  /** The same issue in a stage of review that asks this agent for a verdict. */
  public WorkItem withReview(ReviewAssignment asked) {
    Trigger why = trigger instanceof Trigger.Assigned assigned
        && assigned.wakeReason().filter(WakeReason::asksForVerdict).isPresent()
            ? new Trigger.ReviewRequested(asked)
            : trigger;
    return new WorkItem(issue, ancestors, goal, comments, why, continuationRejected, asked);
  }
}
