package io.heartbeat4j.protocol;

import java.util.List;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * The stage of review that a wake is about ({@code executionStage}).
 *
 * @param wakeRole {@code reviewer}, {@code approver} or {@code executor}; an open set
 * @param allowedActions such as {@code approve} and {@code request_changes}; an open set
 */
@API(status = API.Status.EXPERIMENTAL, since = "1.0")
public record WakeReviewStage(
    @Nullable String wakeRole,
    @Nullable String stageType,
    ReviewState.@Nullable Participant currentParticipant,
    List<String> allowedActions) {

  public WakeReviewStage {
    allowedActions = NullSafeLists.copyWithoutNulls(allowedActions);
  }

  /** Whether it asks somebody other than this agent for a verdict. */
  public boolean awaitsVerdictOfOther(AgentId agent) {
    return !"executor".equals(wakeRole) && currentParticipant != null && !currentParticipant.is(agent);
  }
}
