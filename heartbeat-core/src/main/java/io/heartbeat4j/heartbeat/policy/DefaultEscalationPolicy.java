package io.heartbeat4j.heartbeat.policy;

import static java.util.stream.Collectors.joining;

import io.heartbeat4j.heartbeat.outcome.Disposition;
import io.heartbeat4j.heartbeat.outcome.WorkFailure;
import io.heartbeat4j.protocol.Agent;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.worker.Question;
import io.heartbeat4j.worker.UnblockCondition;
import java.util.List;
import java.util.Optional;

/**
 * The default: a technical failure asks whether to try again, on one card, and a no leaves the issue at rest; what a
 * worker puts to its manager becomes a task for the nearest one, once, and where there is none, or no right to assign,
 * a card.
 */
final class DefaultEscalationPolicy implements EscalationPolicy {

  private static final String RETRY = Disposition.BlockedByCard.CONTINUE_TOPIC + "retry";

  @Override
  public Disposition onFailure(WorkFailure failure, Agent self, Issue issue) {
    if (failure.kind() == WorkFailure.Kind.OVER_BUDGET) {
      return overBudget(failure, self, issue);
    }
    String comment = (failure.kind().isStop() ? "**Stopped: " : "**Blocked: ") + failure.kind().description() + ".** "
        + failure.message()
        + "\n\n" + whatNext(failure.kind(), self);
    return new Disposition.BlockedByCard(
        comment,
        new Question.Confirmation("Try again?", "Let " + self.name() + " try \"" + issue.title() + "\" again?"),
        RETRY);
  }

  private static Disposition overBudget(WorkFailure failure, Agent self, Issue issue) {
    return new Disposition.BlockedByCard(
        "**Blocked: " + failure.kind().description() + ".** " + failure.message()
            + "\n\nThe board can raise the monthly budget of " + self.name()
            + " and then accept the card. The work goes on at the next wake with budget left, also that of a new month;"
            + " until then nothing more happens here, unless somebody gives the issue to another agent.",
        new Question.Confirmation("Budget raised?",
            "Has " + self.name() + " budget again to work on \"" + issue.title() + "\"?"),
        Disposition.BlockedByCard.BUDGET_TOPIC);
  }

  @Override
  public Disposition onContinuationRejected(Optional<String> why, Agent self, Issue issue) {
    String words = why.map(reason -> ":\n\n> " + reason.strip().replace("\n", "\n> ") + "\n\n").orElse(". ");
    return new Disposition.BlockedByCard(
        "**Not tried again: the card was rejected**" + words
            + "This rests until somebody says how to go on: comment with what to change and " + self.name()
            + " takes it up from there, accept the new card, or give the issue to somebody else.",
        new Question.Confirmation("Take it up after all?",
            "Let " + self.name() + " work on \"" + issue.title() + "\" again?"),
        RETRY);
  }

  @Override
  public Disposition.BlockedByCard onTooManySubtasks(
      String limit, String reason, List<String> titles, Agent self) {
    return new Disposition.BlockedByCard(
        "**Blocked: more subtasks than " + self.name() + " makes by itself.** " + limit
            + " The card lists the " + titles.size() + " that it asks for; none of them is made yet."
            + "\n\nAccept the card to have them made and the work go on, reject it to stop here, or comment with what to"
            + " do instead.",
        new Question.Confirmation("More subtasks?",
            "Let " + self.name() + " make these " + titles.size() + " subtasks and go on?"),
        Disposition.BlockedByCard.SUBTASKS_TOPIC,
        cut(reason, MOST_REASON) + "\n\n" + cut(titles.stream().map("- "::concat).collect(joining("\n")), MOST_LIST));
  }

  /** The server takes at most 20,000 characters below a card's question. */
  private static final int MOST_REASON = 3_000;

  private static final int MOST_LIST = 16_000;

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most) + "\n...";
  }

  /**
   * The server holds back every wake for an issue whose run died or was cancelled, whatever the answer, until the board
   * has looked (contract section 13).
   */
  private static String whatNext(WorkFailure.Kind kind, Agent self) {
    return switch (kind) {
      case CUT_OFF, CANCELLED, BOARD_CANCELLED, SERVER_SHUTDOWN -> afterLooking("", self);
      case PAUSED -> afterLooking("end the pause, then ", self);
      case BUDGET_STOPPED -> afterLooking("raise the monthly budget of " + self.name() + ", then ", self);
      case REASSIGNED ->
        "Whoever has the issue now decides how it goes on; " + self.name() + " does nothing more here.";
      case NO_WORKER, THREW, HUNG, TIME_LIMIT, SILENT, WRONG_RESULT, OVER_BUDGET, NOTHING_NEW, REFUSED, HOST_SHUTDOWN,
          HOST_BUSY, LEASE_LOST ->
        "Nothing more happens here until somebody answers the card: accept it to let " + self.name()
            + " try again, or comment with what to do instead.";
    };
  }

  private static String afterLooking(String first, Agent self) {
    return "Please look at what is done. The server starts nothing here by itself while it shows a recovery notice"
        + (first.isEmpty() ? ": " : ", also when the reason is gone: " + first)
        + "resolve the notice with what you found, and continue from it, to let " + self.name()
        + " try again. Where there is none, accept the card.";
  }

  @Override
  public Disposition onManagerNeeded(String reason, UnblockCondition.ByManager request, Agent self, Issue issue) {
    return self.manager()
        .filter(manager -> self.canAssignTasks())
        .<Disposition>map(
            manager -> new Disposition.BlockedByManager(reason, manager, request.title(), request.request()))
        .orElseGet(() -> card(reason, request.title(), request.request()));
  }

  @Override
  public Disposition onManagerTaskClosed(String comment, String title, String request) {
    return card(comment, title, request);
  }

  private static Disposition card(String comment, String title, String request) {
    return new Disposition.BlockedByCard(comment, new Question.Confirmation(title, request), "escalation");
  }
}
