package io.heartbeat4j.heartbeat.steps;

import static io.heartbeat4j.heartbeat.HeartbeatEvent.Kind;

import io.heartbeat4j.heartbeat.Beat;
import io.heartbeat4j.heartbeat.Briefing;
import io.heartbeat4j.heartbeat.Step;
import io.heartbeat4j.heartbeat.WakeFacts;
import io.heartbeat4j.protocol.Comment;
import io.heartbeat4j.protocol.CommentId;
import io.heartbeat4j.protocol.Continuation;
import io.heartbeat4j.protocol.Interaction;
import io.heartbeat4j.protocol.InteractionId;
import io.heartbeat4j.protocol.IssueContext;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.WakeReason;
import io.heartbeat4j.worker.Trigger;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Step 6: the issue, the issues above it, the thread, and what of it is the immediate trigger. One request where the
 * wake carries the thread or there is none, one more for the thread, one more for a card's answer.
 */
public final class Context {

  @Inject
  public Context() {}

  /** Reads what explains the issue. */
  public Future<Briefing> understand(Beat beat, IssueId id) {
    WakeFacts facts = beat.factsOf(id);
    return beat.session().context(id).compose(context ->
        thread(beat, facts, context).compose(comments ->
            answer(beat, id, facts).map(card -> {
              Trigger trigger = trigger(facts, comments, card);
              beat.tell(Step.UNDERSTAND_CONTEXT, Kind.DONE, context.issue().label(),
                  context.ancestors().size() + " ancestor(s), " + comments.size() + " comment(s); " + words(trigger));
              return new Briefing(context.issue(), context.ancestors(),
                  context.goal() == null ? null : context.goal().title(), comments, trigger,
                  trigger instanceof Trigger.Answered && card.filter(CardKey::isNoToGoingOn).isPresent(), null);
            })));
  }

  private static Future<List<Comment>> thread(Beat beat, WakeFacts facts, IssueContext context) {
    IssueContext.CommentCursor cursor = context.commentCursor();
    if (cursor.totalComments() == 0) {
      return Future.succeededFuture(List.of());
    }
    Continuation carried = facts.continuation();
    if (carried != null && carried.isWholeThread()) {
      List<Comment> comments = carried.comments(context.issue().id());
      if (comments.size() == cursor.totalComments()
          && comments.get(comments.size() - 1).id().equals(cursor.latestCommentId())) {
        return Future.succeededFuture(comments);
      }
    }
    return beat.session().comments(context.issue().id());
  }

  /** The card whose answer woke the agent, if one did. */
  private static Future<Optional<Interaction>> answer(Beat beat, IssueId id, WakeFacts facts) {
    InteractionId card = facts.interaction();
    return card == null
        ? Future.succeededFuture(Optional.empty())
        : beat.session().interactions(id)
            .map(cards -> cards.stream().filter(each -> each.id().equals(card)).findFirst());
  }

  /** A card's answer goes before comments, but for a no to going on: who comments with it says how to go on. */
  private static Trigger trigger(WakeFacts facts, List<Comment> comments, Optional<Interaction> card) {
    List<Comment> woke = woke(facts, comments);
    if (card.isPresent() && (woke.isEmpty() || !CardKey.isNoToGoingOn(card.get()))) {
      return answered(card.get());
    }
    if (!woke.isEmpty()) {
      return new Trigger.Commented(woke);
    }
    WakeReason reason = facts.reason();
    if (reason != null
        && (reason.equals(WakeReason.BLOCKERS_RESOLVED) || reason.equals(WakeReason.CHILDREN_COMPLETED))) {
      List<Map<String, Object>> subtasks = facts.payload() == null ? List.of() : facts.payload().childIssueSummaries();
      return new Trigger.Unblocked(reason, subtasks);
    }
    return new Trigger.Assigned(reason);
  }

  /** The comments that the wake names; a reviewer's no names none, and is the last word. */
  private static List<Comment> woke(WakeFacts facts, List<Comment> comments) {
    return WakeReason.CHANGES_REQUESTED.equals(facts.reason()) && facts.comments().isEmpty()
        ? comments.stream().filter(comment -> !comment.isBySystem()).reduce((first, last) -> last).stream().toList()
        : comments.stream().filter(comment -> isAmong(facts.comments(), comment)).toList();
  }

  private static boolean isAmong(List<CommentId> ids, Comment comment) {
    return ids.contains(comment.id());
  }

  private static Trigger answered(Interaction card) {
    return new Trigger.Answered(card.kind(), card.status(), card.result() == null ? Map.of() : withoutNulls(card.result()));
  }

  private static Map<String, Object> withoutNulls(Map<String, Object> result) {
    return result.entrySet().stream()
        .filter(entry -> entry.getValue() != null)
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** The trigger in a few words, for the timeline. */
  static String words(Trigger trigger) {
    return switch (trigger) {
      case Trigger.Assigned assigned -> "trigger: " + assigned.wakeReason().map(WakeReason::wire).orElse("assigned");
      case Trigger.Commented commented -> "trigger: " + commented.comments().size() + " comment(s)";
      case Trigger.Answered answered -> "trigger: " + answered.kind() + " " + answered.status();
      case Trigger.ReviewAsked asked -> "trigger: asked for a " + asked.review().stage();
      case Trigger.Decided decided -> "trigger: approval " + decided.approval().status();
      case Trigger.Unblocked unblocked -> "trigger: " + unblocked.reason();
    };
  }
}
