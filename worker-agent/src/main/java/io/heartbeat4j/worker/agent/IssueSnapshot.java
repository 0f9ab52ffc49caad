package io.heartbeat4j.worker.agent;

import io.heartbeat4j.worker.IssueView;
import io.heartbeat4j.worker.RelatedIssue;
import io.heartbeat4j.worker.WorkContext;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What the model was last told of an issue beside its comments, so that a change on the board is seen later. Without
 * secrets.
 *
 * @param blockers what it waits for, with the status of each
 * @param subtasks what was given to others, with the status of each
 */
public record IssueSnapshot(String title, String description, List<String> blockers, List<String> subtasks) {

  /** Asks the server for the subtasks. */
  public static IssueSnapshot of(WorkContext context) {
    UnaryOperator<String> redact = context.run()::redact;
    IssueView issue = context.issue();
    return new IssueSnapshot(redact.apply(issue.title()), redact.apply(issue.description()),
        lines(issue.blockers(), redact), lines(context.actions().subtasks(), redact));
  }

  private static List<String> lines(List<RelatedIssue> issues, UnaryOperator<String> redact) {
    return issues.stream()
        .map(issue -> issue.label() + " " + issue.title() + issue.status().map(status -> ": " + status).orElse(""))
        .map(redact).sorted().toList();
  }
}
