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
            trigger(beat, id, facts, comments).map(trigger -> {
              beat.tell(Step.UNDERSTAND_CONTEXT, Kind.DONE, context.issue().label(),
                  context.ancestors().size() + " ancestor(s), " + comments.size() + " comment(s); " + words(trigger));
              return new Briefing(context.issue(), context.ancestors(),
                  context.goal() == null ? null : context.goal().title(), comments, trigger);
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

  private static Future<Trigger> trigger(Beat beat, IssueId id, WakeFacts facts, List<Comment> comments) {
    InteractionId card = facts.interaction();
    if (card != null) {
      return beat.session().interactions(id).map(cards -> cards.stream()
          .filter(each -> each.id().equals(card))
          .findFirst()
          .<Trigger>map(Context::answered)
          .orElseGet(() -> new Trigger.Assigned(facts.reason())));
    }
    List<Comment> woke = comments.stream().filter(comment -> isAmong(facts.comments(), comment)).toList();
    if (!woke.isEmpty()) {
      return Future.succeededFuture(new Trigger.Commented(woke));
    }
    WakeReason reason = facts.reason();
    if (reason != null
        && (reason.equals(WakeReason.BLOCKERS_RESOLVED) || reason.equals(WakeReason.CHILDREN_COMPLETED))) {
      List<Map<String, Object>> subtasks = facts.payload() == null ? List.of() : facts.payload().childIssueSummaries();
      return Future.succeededFuture(new Trigger.Unblocked(reason, subtasks));
    }
    return Future.succeededFuture(new Trigger.Assigned(reason));
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
      case Trigger.Decided decided -> "trigger: approval " + decided.approval().status();
      case Trigger.Unblocked unblocked -> "trigger: " + unblocked.reason();
    };
  }
}
