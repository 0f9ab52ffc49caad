package io.heartbeat4j.protocol;

import java.util.List;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Where an issue is in the stages of review and approval that its execution policy sets. While a stage is pending, only
 * its current participant can move the issue on: {@code done} approves, {@code in_review} waits, and any other status
 * asks for changes (seen on the real server).
 *
 * @param status {@code idle}, {@code pending}, {@code changes_requested} or {@code completed}; an open set
 * @param currentStageType {@code review} or {@code approval}; an open set
 * @param returnAssignee who gets the issue back where changes are asked for
 */
@API(status = API.Status.EXPERIMENTAL, since = "1.0")
public record ReviewState(
    @Nullable String status,
    @Nullable String currentStageId,
    @Nullable String currentStageType,
    @Nullable Participant currentParticipant,
    @Nullable Participant returnAssignee,
    @Nullable ReviewRequest reviewRequest,
    List<String> completedStageIds) {

  /** An agent or a person. */
  public record Participant(@Nullable String type, @Nullable AgentId agentId, @Nullable UserId userId) {

    public boolean is(AgentId agent) {
      return agent.equals(agentId);
    }
  }

  /** What the one who asks for the review wants looked at. */
  public record ReviewRequest(@Nullable String instructions) {}

  public ReviewState {
    completedStageIds = NullSafeLists.copyWithoutNulls(completedStageIds);
  }

  /** Whether somebody's verdict is waited for. */
  public boolean isPending() {
    return "pending".equals(status) && currentParticipant != null;
  }

  /** Whether every stage has been approved: the issue is not reviewed again. */
  public boolean isCompleted() {
    return "completed".equals(status);
  }

  public boolean awaitsVerdictOf(AgentId agent) {
    return isPending() && currentParticipant != null && currentParticipant.is(agent);
  }
}
