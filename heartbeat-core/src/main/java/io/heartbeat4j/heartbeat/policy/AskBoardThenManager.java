package io.heartbeat4j.heartbeat.policy;

import io.heartbeat4j.heartbeat.Disposition;
import io.heartbeat4j.heartbeat.WorkFailure;
import io.heartbeat4j.protocol.Agent;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.worker.Question;
import io.heartbeat4j.worker.Unblock;

/**
 * The default: a technical failure asks whether to try again, on one card; what a worker puts to its manager becomes a
 * task for the nearest one, once, and where there is none, or no right to assign, a card.
 */
final class AskBoardThenManager implements EscalationPolicy {

  @Override
  public Disposition onFailure(WorkFailure failure, Agent self, Issue issue) {
    String comment = "**Blocked: " + failure.kind().words() + ".** " + failure.message()
        + "\n\nNothing more happens here until somebody answers the card: accept it to let " + self.name()
        + " try again, or comment with what to do instead.";
    return new Disposition.BlockedByCard(
        comment,
        new Question.Confirmation("Try again?", "Let " + self.name() + " try \"" + issue.title() + "\" again?"),
        "retry");
  }

  @Override
  public Disposition onManager(String reason, Unblock.ByManager request, Agent self, Issue issue) {
    return self.manager()
        .filter(manager -> self.canAssignTasks())
        .<Disposition>map(manager ->
            new Disposition.BlockedByManager(reason, manager, request.title(), request.request()))
        .orElseGet(() -> card(reason, request.title(), request.request()));
  }

  @Override
  public Disposition onManagerAskedBefore(String comment, String title, String request) {
    return card(comment, title, request);
  }

  private static Disposition card(String comment, String title, String request) {
    return new Disposition.BlockedByCard(comment, new Question.Confirmation(title, request), "escalation");
  }
}
