package io.heartbeat4j.heartbeat.policy;

import io.heartbeat4j.heartbeat.memory.LastDisposition;
import io.heartbeat4j.heartbeat.outcome.Disposition;
import io.heartbeat4j.protocol.Approval;
import io.heartbeat4j.protocol.ApprovalStatus;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.worker.Question;
import java.util.Optional;

/**
 * The default: approved closes an issue that waited for nothing else, and is worked otherwise; rejected or sent back
 * stays open, says why, and asks on a card how to go on.
 */
final class DefaultApprovalPolicy implements ApprovalPolicy {

  @Override
  public Verdict onOwnIssue(Approval approval, Issue issue, Optional<LastDisposition> lastDisposition) {
    if (issue.status().isClosed()) {
      return new Verdict.Leave("it is " + issue.status());
    }
    if (approval.status().equals(ApprovalStatus.APPROVED)) {
      boolean wasAll = lastDisposition
          .filter(last -> last.closesWhenApproved() && approval.id().equals(last.approval()))
          .isPresent();
      return wasAll
          ? new Verdict.Settle(new Disposition.Close(
              "Closed: the board approved \"" + approval.title() + "\", which was all that was left." + note(approval)))
          : new Verdict.WorkOn();
    }
    if (approval.status().equals(ApprovalStatus.REJECTED)
        || approval.status().equals(ApprovalStatus.REVISION_REQUESTED)) {
      String what = approval.status().equals(ApprovalStatus.REJECTED) ? "rejected" : "sent back";
      return new Verdict.Settle(new Disposition.BlockedByCard(
          "This stays open: the board " + what + " \"" + approval.title() + "\"." + note(approval)
              + "\n\nNext: answer the card, or comment with what to change, and the work goes on from there.",
          new Question.Confirmation(
              "Go on?", "\"" + approval.title() + "\" was " + what + ". Go on with \"" + issue.title() + "\"?"),
          Disposition.BlockedByCard.CONTINUE_TOPIC + "approval:" + approval.id()));
    }
    return new Verdict.Leave("the approval is " + approval.status());
  }

  @Override
  public Optional<String> onForeignIssue(Approval approval, Issue issue) {
    if (issue.status().isClosed() || approval.status().equals(ApprovalStatus.PENDING)) {
      return Optional.empty();
    }
    return Optional.of("The board decided \"" + approval.title() + "\", which is linked to this issue: "
        + approval.status().wire().replace('_', ' ') + ". The issue stays open for its assignee." + note(approval));
  }

  private static String note(Approval approval) {
    String note = approval.decisionNote();
    return note == null || note.isBlank() ? "" : "\n\n> " + note.strip().replace("\n", "\n> ");
  }
}
