package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.heartbeat.WakeFacts;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.ApprovalId;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.IssueId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The part of an approval's linked issues that one run may write to: the server takes 20 writes to other issues, of which
 * a status with its comment counts two (contract section 4). Own open issues come first; what is left of them is taken up
 * by a run that this one asks for. That run is scoped to the first issue that is left, and its wake reason names the
 * approval, so that nothing has to be remembered in between. Pure.
 *
 * @param own the agent's own open issues, the run's own first
 * @param others issues that get a comment
 * @param next where the next run goes on
 * @param untold others' issues for which there is no room and no own issue to go on from
 */
record ApprovalShare(List<Issue> own, List<Issue> others, Optional<Issue> next, int untold) {

  static final int MOST_OWN = 10;
  private static final int WRITES = 20;
  private static final int WRITES_AN_OWN = 2;
  private static final String GOES_ON = "heartbeat4j_approval:";

  /** The approval that the run follows up: one that the wake names, or one that an earlier run was not done with. */
  static Optional<ApprovalId> approval(WakeFacts facts) {
    return Optional.ofNullable(facts.approval()).or(() -> goesOnWith(facts));
  }

  /** The reason with which the next run is asked for. */
  static String reason(ApprovalId approval) {
    return GOES_ON + approval;
  }

  private static Optional<ApprovalId> goesOnWith(WakeFacts facts) {
    String reason = facts.why();
    try {
      return reason.startsWith(GOES_ON)
          ? Optional.of(ApprovalId.of(reason.substring(GOES_ON.length())))
          : Optional.empty();
    } catch (IllegalArgumentException notOurReason) {
      return Optional.empty();
    }
  }

  static ApprovalShare of(List<Issue> linked, AgentId self, WakeFacts facts) {
    List<Issue> own = order(
        linked.stream().filter(issue -> issue.isAssignedTo(self) && !issue.status().isClosed()).toList(),
        facts.issue(), goesOnWith(facts).isPresent());
    List<Issue> now = own.subList(0, Math.min(MOST_OWN, own.size()));
    if (now.size() < own.size()) {
      return new ApprovalShare(now, List.of(), Optional.of(own.get(now.size())), 0);
    }
    List<Issue> others = linked.stream().filter(issue -> !issue.isAssignedTo(self)).toList();
    int room = Math.min(others.size(), WRITES - WRITES_AN_OWN * now.size());
    return new ApprovalShare(now, others.subList(0, room), Optional.empty(), others.size() - room);
  }

  /** The run's own issue goes first, since the run may not leave it in progress; a run that goes on starts there. */
  private static List<Issue> order(List<Issue> own, @Nullable IssueId scope, boolean goesOn) {
    int at = own.stream().map(Issue::id).toList().indexOf(scope);
    if (at < 0) {
      return own;
    }
    List<Issue> after = own.subList(at + 1, own.size());
    return Stream.of(List.of(own.get(at)), goesOn ? List.<Issue>of() : own.subList(0, at), after)
        .flatMap(List::stream)
        .toList();
  }
}
