package io.heartbeat4j.heartbeat.work;

import io.heartbeat4j.protocol.Ancestor;
import io.heartbeat4j.protocol.Comment;
import io.heartbeat4j.protocol.Interaction;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.WakeReason;
import io.heartbeat4j.worker.ReviewAssignment;
import io.heartbeat4j.worker.Trigger;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a worker needs to know of an issue (step 6).
 *
 * @param goal the title of the issue's goal, where it has one
 * @param comments the whole thread, oldest first
 * @param answeredCard the card whose answer is the trigger
 * @param review the stage of review that asks the agent for a verdict, where one does
 */
public record WorkItem(
    Issue issue, List<Ancestor> ancestors, @Nullable String goal, List<Comment> comments, Trigger trigger,
    Optional<Interaction> answeredCard, @Nullable ReviewAssignment review) {
  public WorkItem {
    ancestors = List.copyOf(ancestors);
    comments = List.copyOf(comments);
  }

  /** The same issue with another trigger. */
  public WorkItem withTrigger(Trigger other) {
    return new WorkItem(issue, ancestors, goal, comments, other, Optional.empty(), review);
  }

  /** The same issue in a stage of review that asks this agent for a verdict. */
  public WorkItem withReview(ReviewAssignment asked) {
    Trigger why = trigger instanceof Trigger.Assigned assigned
        && assigned.reason().filter(WakeReason::asksForVerdict).isPresent()
            ? new Trigger.ReviewRequested(asked)
            : trigger;
    return new WorkItem(issue, ancestors, goal, comments, why, answeredCard, asked);
  }
}
