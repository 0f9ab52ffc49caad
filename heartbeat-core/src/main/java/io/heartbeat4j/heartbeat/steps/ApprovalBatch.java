package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.heartbeat.wake.WakeFacts;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.ApprovalId;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.IssueId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The part of an approval's linked issues that one run may write to: the server takes 20 writes to other issues, of
 * which a status with its comment counts two (contract section 4). Own open issues come first; what is left of them is
 * taken up by a run that this one asks for.
 *
 * <p>Nothing has to be remembered in between. The server lists linked issues in an order that changes, so they are
 * taken in the order of their ids, but for the issue of the first run, which goes first. The next run is scoped to the
 * first issue that is left, and its wake reason names the approval and the issue that went first. Pure.
 *
 * @param own the agent's own open issues, the run's own first
 * @param others issues that get a comment
 * @param next where the next run goes on
 * @param uncommented how many of others' issues there is no room for and no own issue to go on from
 */
record ApprovalBatch(List<Issue> own, List<Issue> others, Optional<Issue> next, int uncommented) {

  static final int MAX_OWN = 10;
  private static final int WRITES = 20;
  private static final int WRITES_PER_OWN = 2;
  private static final String CONTINUATION_REASON = "heartbeat4j_approval:";

  /**
   * What a wake asks to follow up.
   *
   * @param scope the run's issue
   * @param first the issue that the first run for this approval took first; it is the run's own unless this one goes on
   */
  record ApprovalWake(ApprovalId approval, Optional<IssueId> scope, Optional<IssueId> first) {

    /** An approval that the wake names, or one that an earlier run was not done with. */
    static Optional<ApprovalWake> of(WakeFacts facts) {
      return Optional.ofNullable(facts.approval())
          .map(approval -> new ApprovalWake(approval, facts.task(), facts.task()))
          .or(() -> continuationOf(facts));
    }

    private static Optional<ApprovalWake> continuationOf(WakeFacts facts) {
      String reason = facts.describeReason();
      if (!reason.startsWith(CONTINUATION_REASON)) {
        return Optional.empty();
      }
      String[] ids = reason.substring(CONTINUATION_REASON.length()).split(":", -1);
      try {
        return Optional.of(new ApprovalWake(
            ApprovalId.of(ids[0]), facts.task(), ids.length > 1 ? Optional.of(IssueId.of(ids[1])) : Optional.empty()));
      } catch (IllegalArgumentException notOurReason) {
        return Optional.empty();
      }
    }

    private boolean isContinuation() {
      return !first.equals(scope);
    }

    /** The reason with which the next run is asked for. */
    String continuationReason() {
      return CONTINUATION_REASON + approval + first.map(issue -> ":" + issue).orElse("");
    }
  }

  static ApprovalBatch of(List<Issue> linked, AgentId self, ApprovalWake asked) {
    List<Issue> own = order(
        linked.stream().filter(issue -> issue.isAssignedTo(self) && !issue.status().isClosed()).toList(), asked);
    List<Issue> now = own.subList(0, Math.min(MAX_OWN, own.size()));
    if (now.size() < own.size()) {
      return new ApprovalBatch(now, List.of(), Optional.of(own.get(now.size())), 0);
    }
    List<Issue> others = linked.stream().filter(issue -> !issue.isAssignedTo(self)).toList();
    int room = Math.min(others.size(), WRITES - WRITES_PER_OWN * now.size());
    return new ApprovalBatch(now, others.subList(0, room), Optional.empty(), others.size() - room);
  }

  /** The run's own issue goes first, since the run may not leave it in progress. */
  private static List<Issue> order(List<Issue> own, ApprovalWake asked) {
    Predicate<Issue> isFirst = issue -> asked.first().filter(issue.id()::equals).isPresent();
    Stream<Issue> rest = own.stream().filter(isFirst.negate()).sorted(Comparator.comparing(ApprovalBatch::sortKey));
    return asked.isContinuation()
        ? rest.filter(issue -> asked.scope().map(IssueId::toString).orElse("").compareTo(sortKey(issue)) <= 0).toList()
        : Stream.concat(own.stream().filter(isFirst), rest).toList();
  }

  private static String sortKey(Issue issue) {
    return issue.id().toString();
  }
}
