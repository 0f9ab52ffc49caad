package io.heartbeat4j.protocol;

import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;

/** The body of a request to the board for a decision, linked to the issues that wait for it (contract section 5). */
@API(status = API.Status.EXPERIMENTAL, since = "1.0")
public record NewApproval(String type, List<IssueId> issueIds, Map<String, Object> payload) {

  /** Where the payload carries the key: the server has none for approvals, but an approval can be found again by it. */
  public static final String IDEMPOTENCY_KEY_FIELD = "idempotencyKey";

  public static NewApproval forBoard(IssueId issue, String title, String summary, String key) {
    return new NewApproval(
        "request_board_approval",
        List.of(issue),
        Map.of("title", title, "summary", summary, "recommendedAction", "Approve", IDEMPOTENCY_KEY_FIELD, key));
  }
}
