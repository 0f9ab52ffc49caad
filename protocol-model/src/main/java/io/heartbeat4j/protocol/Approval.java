package io.heartbeat4j.protocol;

import java.util.Map;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/** A decision that the board takes (step 2). Agents create and comment approvals; only the board decides them. */
@API(status = API.Status.EXPERIMENTAL, since = "1.0")
public record Approval(
    ApprovalId id,
    CompanyId companyId,
    String type,
    ApprovalStatus status,
    @Nullable AgentId requestedByAgentId,
    @Nullable Map<String, Object> payload,
    @Nullable String decisionNote) {

  /** The payload's title, or the type where it has none. */
  public String title() {
    return payload != null && payload.get("title") instanceof String title && !title.isBlank() ? title : type;
  }
}
