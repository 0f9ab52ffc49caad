package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.heartbeat.outcome.Disposition;
import io.heartbeat4j.protocol.InboxItem;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.worker.Trigger;
import java.util.Optional;

/** An issue that this heartbeat asks to check out, and what is to be done with it then. */
public sealed interface Candidate {

  IssueId issue();

  /** The identifier such as CON-1 where it is known, else the id. */
  String label();

  /**
   * Work it.
   *
   * @param decision the approval's decision that is the trigger, where one is
   */
  record ToWork(IssueId issue, String label, Optional<Trigger.ApprovalDecided> decision) implements Candidate {}

  /** Leave it in this disposition, without work. */
  record ToSettle(IssueId issue, String label, Disposition disposition) implements Candidate {}

  static Candidate toWork(IssueId issue, String label) {
    return new ToWork(issue, label, Optional.empty());
  }

  static Candidate of(InboxItem item) {
    return toWork(item.id(), item.label());
  }

  static Candidate toWork(Issue issue, Trigger.ApprovalDecided decision) {
    return new ToWork(issue.id(), issue.label(), Optional.of(decision));
  }

  static Candidate toSettle(Issue issue, Disposition disposition) {
    return new ToSettle(issue.id(), issue.label(), disposition);
  }
}
