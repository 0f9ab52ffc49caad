package io.heartbeat4j.heartbeat.steps;

import static io.heartbeat4j.heartbeat.event.HeartbeatEvent.Kind;

import io.heartbeat4j.heartbeat.event.Step;
import io.heartbeat4j.heartbeat.wake.WakeFacts;
import io.heartbeat4j.heartbeat.work.WorkItem;
import io.heartbeat4j.heartbeat.work.WorkerViewMapper;
import io.heartbeat4j.protocol.Comment;
import io.heartbeat4j.protocol.CommentId;
import io.heartbeat4j.protocol.Interaction;
import io.heartbeat4j.protocol.InteractionId;
import io.heartbeat4j.protocol.IssueContext;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.WakeCommentHistory;
import io.heartbeat4j.protocol.WakeReason;
import io.heartbeat4j.worker.ReviewAssignment;
import io.heartbeat4j.worker.Trigger;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Step 6: reads the issue, its ancestors and its thread, and finds the immediate trigger. One request where the
 * wake carries the thread or there is none, one more for the thread, one more for a card's answer.
 */
public final class ContextStep {

  @Inject
  public ContextStep() {}

  /**
   * Reads the context of an issue that was just checked out.
   *
   * @param decision the approval's decision that is the trigger, where one is
   */
  public Future<WorkItem> read(
      HeartbeatContext heartbeat, CheckedOutIssue checkedOut, Optional<Trigger.ApprovalDecided> decision) {
    return read(heartbeat, checkedOut.issue().id())
        .map(item -> decision.map(item::withTrigger).orElse(item))
        .map(item -> reviewBy(heartbeat, checkedOut).map(item::withReview).orElse(item));
  }

  /** The checkout's answer names the stage of review at every run, the wake only at the first. */
  private static Optional<ReviewAssignment> reviewBy(HeartbeatContext heartbeat, CheckedOutIssue checkedOut) {
    return Optional.ofNullable(checkedOut.issue().executionState())
        .filter(state -> state.awaitsVerdictOf(heartbeat.self().id()))
        .map(state -> new ReviewAssignment(
            state.currentStageType() == null ? "review" : state.currentStageType(),
            Optional.ofNullable(state.reviewRequest())
                .flatMap(request -> Optional.ofNullable(request.instructions()))));
  }

  /** Reads the context of an issue that may be somebody else's. */
  public Future<WorkItem> read(HeartbeatContext heartbeat, IssueId id) {
    WakeFacts facts = heartbeat.factsOf(id);
    return heartbeat.session().issueContext(id).compose(context -> thread(heartbeat, facts, context)
        .compose(comments -> answeredCard(heartbeat, id, facts).map(card -> {
          Trigger trigger = trigger(facts, comments, card);
          heartbeat.emit(Step.UNDERSTAND_CONTEXT, Kind.DONE, context.issue().label(),
              context.ancestors().size() + " ancestor(s), " + comments.size() + " comment(s); " + describe(trigger));
          return new WorkItem(context.issue(), context.ancestors(),
              context.goal() == null ? null : context.goal().title(), comments, trigger,
              trigger instanceof Trigger.InteractionAnswered ? card : Optional.empty(), null);
        })));
  }

  private static Future<List<Comment>> thread(HeartbeatContext heartbeat, WakeFacts facts, IssueContext context) {
    IssueContext.CommentCursor cursor = context.commentCursor();
    if (cursor.totalComments() == 0) {
      return Future.succeededFuture(List.of());
    }
    WakeCommentHistory carried = facts.continuation();
    if (carried != null && carried.isWholeThread()) {
      List<Comment> comments = carried.comments(context.issue().id());
      if (comments.size() == cursor.totalComments()
          && comments.get(comments.size() - 1).id().equals(cursor.latestCommentId())) {
        return Future.succeededFuture(comments);
      }
    }
    return heartbeat.session().comments(context.issue().id());
  }

  /** The card whose answer woke the agent, if one did. */
  private static Future<Optional<Interaction>> answeredCard(HeartbeatContext heartbeat, IssueId id, WakeFacts facts) {
    InteractionId card = facts.interaction();
    return card == null
        ? Future.succeededFuture(Optional.empty())
        : heartbeat.session().interactions(id)
            .map(cards -> cards.stream().filter(each -> each.id().equals(card)).findFirst());
  }

  /** A card's answer goes before comments, but for a no to going on: who comments with it says how to go on. */
  private static Trigger trigger(WakeFacts facts, List<Comment> comments, Optional<Interaction> card) {
    List<Comment> woke = wakeComments(facts, comments);
    if (card.isPresent() && (woke.isEmpty() || !InteractionKey.isContinuationRejected(card.get()))) {
      return answered(card.get());
    }
    if (!woke.isEmpty()) {
      return new Trigger.Commented(woke.stream().map(WorkerViewMapper::comment).toList());
    }
    WakeReason reason = facts.reason();
    if (reason != null
        && (reason.equals(WakeReason.BLOCKERS_RESOLVED) || reason.equals(WakeReason.CHILDREN_COMPLETED))) {
      List<Map<String, Object>> subtasks = facts.payload() == null ? List.of() : facts.payload().childIssueSummaries();
      return new Trigger.Unblocked(reason,
          subtasks.stream().map(WorkerViewMapper::subtask).flatMap(Optional::stream).toList());
    }
    return new Trigger.Assigned(Optional.ofNullable(reason));
  }

  /** The comments that the wake names; a reviewer's no names none, and is the last word. */
  private static List<Comment> wakeComments(WakeFacts facts, List<Comment> comments) {
    return WakeReason.CHANGES_REQUESTED.equals(facts.reason()) && facts.comments().isEmpty()
        ? comments.stream().filter(comment -> !comment.isBySystem()).reduce((first, last) -> last).stream().toList()
        : comments.stream().filter(comment -> isAmong(facts.comments(), comment)).toList();
  }

  private static boolean isAmong(List<CommentId> ids, Comment comment) {
    return ids.contains(comment.id());
  }

  private static Trigger answered(Interaction card) {
    return new Trigger.InteractionAnswered(card.kind(), card.status(),
        card.result() == null ? Map.of() : withoutNulls(card.result()), CardWords.of(card));
  }

  private static Map<String, Object> withoutNulls(Map<String, Object> result) {
    return result.entrySet().stream()
        .filter(entry -> entry.getValue() != null)
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** The trigger in a few words, for the timeline. */
  static String describe(Trigger trigger) {
    return switch (trigger) {
      case Trigger.Assigned assigned -> "trigger: " + assigned.reason().map(WakeReason::wire).orElse("assigned");
      case Trigger.Commented commented -> "trigger: " + commented.comments().size() + " comment(s)";
      case Trigger.InteractionAnswered interactionAnswered ->
        "trigger: " + interactionAnswered.kind() + " " + interactionAnswered.status();
      case Trigger.ReviewRequested asked -> "trigger: asked for a " + asked.review().stage();
      case Trigger.ApprovalDecided approvalDecided -> "trigger: approval " + approvalDecided.status();
      case Trigger.Unblocked unblocked -> "trigger: " + unblocked.reason();
    };
  }
}
