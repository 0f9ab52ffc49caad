package io.heartbeat4j.protocol;

import java.util.List;
import org.apiguardian.api.API;

/** The body of a checkout (step 5). */
@API(status = API.Status.EXPERIMENTAL, since = "1.0")
public record CheckoutRequest(AgentId agentId, List<IssueStatus> expectedStatuses) {

  /**
   * The statuses from which work may be taken. Listing {@code done} or {@code cancelled} would reopen the issue; the
   * page's list lacks {@code in_review} and {@code in_progress}, without which an answered review and a crashed
   * run's issue could never be taken up again (contract sections 6 and 9).
   */
  public static final List<IssueStatus> WORKABLE_STATUSES = List.of(
      IssueStatus.TODO, IssueStatus.BACKLOG, IssueStatus.BLOCKED, IssueStatus.IN_REVIEW, IssueStatus.IN_PROGRESS);

  public static CheckoutRequest by(AgentId agent) {
    return new CheckoutRequest(agent, WORKABLE_STATUSES);
  }
}
