package io.heartbeat4j.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * What a piece of work cost (contract section 8). The server has no idempotency for it, and pauses an agent whose
 * budget it exhausts: it is sent last, and once.
 *
 * @param costCents whole cents, at least 0
 * @param billingType who pays; the server counts subscriptions apart
 * @param costStatus whether the cents can be believed; the server takes them as reported unless told otherwise
 */
@API(status = API.Status.EXPERIMENTAL, since = "1.0")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CostEvent(
    AgentId agentId,
    @Nullable IssueId issueId,
    @Nullable RunId heartbeatRunId,
    String provider,
    String model,
    long inputTokens,
    long cachedInputTokens,
    long outputTokens,
    long costCents,
    Instant occurredAt,
    @Nullable BillingType billingType,
    @Nullable CostStatus costStatus) {

  /** Those of the server's billing types that an agent can know of itself. */
  public enum BillingType {
    @JsonProperty("metered_api")
    METERED_API, @JsonProperty("subscription_included")
    SUBSCRIPTION_INCLUDED
  }

  /** What the cents are worth. */
  public enum CostStatus {
    @JsonProperty("reported")
    REPORTED, @JsonProperty("unpriced")
    UNPRICED
  }

  public CostEvent {
    if (costCents < 0 || inputTokens < 0 || cachedInputTokens < 0 || outputTokens < 0) {
      throw new IllegalArgumentException("a cost event counts from 0 up");
    }
  }
}
