package io.heartbeat4j.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.Optional;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * One wake of one agent, {@code GET /api/heartbeat-runs/{id}}: whose it is, whether it is live, why it was started, and
 * why it was ended.
 */
@API(status = API.Status.EXPERIMENTAL, since = "1.0")
public record HeartbeatRun(
    RunId id,
    CompanyId companyId,
    AgentId agentId,
    RunStatus status,
    @Nullable String errorCode,
    @Nullable RunContextSnapshot contextSnapshot,
    @JsonProperty("resultJson") @Nullable RunEnd end) {

  /** The error code of a run whose issue was given to somebody else. */
  public static final String REASSIGNED = "issue_reassigned";

  /** The error code of a run that the server has ended with itself. */
  public static final String SERVER_SHUTDOWN = "server_shutdown_interrupted";

  /** How the run ended. */
  public record RunEnd(@JsonProperty("stopReason") @Nullable String stopReasonWire) {}

  /** Why the server has cancelled a run. */
  public enum StopReason {
    /** The agent has no budget left. */
    BUDGET_PAUSED("budget_paused"),
    /** The agent, the issue, or one above it is paused. */
    PAUSED("paused"),
    /** By the board. */
    CANCELLED("cancelled");

    private final String wire;

    StopReason(String wire) {
      this.wire = wire;
    }
  }

  /** Empty for a run that was not cancelled, or for a reason that this version does not know. */
  public Optional<StopReason> stopReason() {
    String wire = end == null ? null : end.stopReasonWire();
    return Arrays.stream(StopReason.values()).filter(reason -> reason.wire.equals(wire)).findFirst();
  }
}
