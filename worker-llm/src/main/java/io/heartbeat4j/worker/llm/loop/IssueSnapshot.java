package io.heartbeat4j.worker.llm.loop;

import io.heartbeat4j.worker.IssueView;
import io.heartbeat4j.worker.RelatedIssue;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What the model was last told of an issue beside its comments, so that a change on the board is seen later. Without
 * secrets.
 *
 * @param blockers what it waits for, with the status of each
 */
record IssueSnapshot(String title, String description, List<String> blockers) {

  static IssueSnapshot of(IssueView issue, UnaryOperator<String> redact) {
    return new IssueSnapshot(redact.apply(issue.title()), redact.apply(issue.description()),
        issue.blockers().stream().map(IssueSnapshot::line).map(redact).toList());
  }

  private static String line(RelatedIssue issue) {
    return issue.label() + " " + issue.title() + issue.status().map(status -> ": " + status).orElse("");
  }
}
