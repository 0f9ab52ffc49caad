package io.heartbeat4j.heartbeat.steps;

import static io.heartbeat4j.heartbeat.event.HeartbeatEvent.Kind;

import io.heartbeat4j.heartbeat.event.Step;
import io.heartbeat4j.heartbeat.memory.IssueMemory;
import io.heartbeat4j.heartbeat.memory.LastDisposition;
import io.heartbeat4j.heartbeat.memory.LastDisposition.WaitsFor;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.Comment;
import io.heartbeat4j.protocol.InboxItem;
import io.heartbeat4j.protocol.Interaction;
import io.heartbeat4j.protocol.IssueContext;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;

/**
 * Part of step 4: whether a blocked assignment can be unblocked. It can if all that blocked it is done, or if somebody
 * else has answered since the agent's own last disposition, or if it waits for a budget that the agent has again. Own
 * comments and the server's notices are never news.
 */
public final class UnblockCheck {

  @Inject
  public UnblockCheck() {}

  /** Asks the server and the memory; an issue that is deleted in between has no news. */
  public Future<Boolean> canBeUnblocked(HeartbeatContext heartbeat, InboxItem item) {
    Future<Optional<LastDisposition>> last = heartbeat.memory().get(item.id()).map(IssueMemory::disposition);
    Future<IssueContext> context = heartbeat.session().issueContext(item.id());
    Future<List<Interaction>> cards = heartbeat.session().interactions(item.id());
    return Future.all(last, context, cards)
        .compose(known -> context.result().commentCursor().totalComments() == 0
            ? Future.succeededFuture(List.<Comment>of())
            : heartbeat.session().comments(item.id()))
        .map(comments -> waitsForBudget(last.result()) || hasNews(
            heartbeat.self().id(), context.result(), comments, cards.result(), last.result()))
        .onSuccess(news -> {
          if (!news) {
            heartbeat.emit(Step.PICK_WORK, Kind.SKIPPED, item.label(), "blocked, and nobody has answered");
          }
        });
  }

  /** An agent without budget asks for nothing, so one that asks has it again. */
  private static boolean waitsForBudget(Optional<LastDisposition> last) {
    return last.filter(left -> left.waitsFor() == WaitsFor.BUDGET).isPresent();
  }

  /** Pure: the rule itself. */
  static boolean hasNews(
      AgentId self,
      IssueContext context,
      List<Comment> comments,
      List<Interaction> cards,
      Optional<LastDisposition> last) {
    if (cards.stream().anyMatch(Interaction::isPending)) {
      return answeredSince(self, comments, last);
    }
    boolean blockersDone = !context.issue().blockedBy().isEmpty()
        && !context.issue().hasOpenBlockers();
    return blockersDone || answeredSince(self, comments, last);
  }

  private static boolean answeredSince(AgentId self, List<Comment> comments, Optional<LastDisposition> last) {
    int own = -1;
    for (int i = 0; i < comments.size(); i++) {
      Comment comment = comments.get(i);
      boolean disposition = last.isPresent() && comment.id().equals(last.get().comment());
      if (comment.isBy(self) || disposition) {
        own = i;
      }
    }
    return own >= 0
        && comments.subList(own + 1, comments.size()).stream()
            .anyMatch(comment -> !comment.isBy(self) && !comment.isBySystem());
  }
}
