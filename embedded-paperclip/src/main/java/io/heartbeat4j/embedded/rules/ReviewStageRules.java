package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Stages of review and approval: determine the active participant, the meaning of a status during a stage, and the next
 * assignee. Only stages with one participant are implemented, without the limit on rounds and auto-skipped stages.
 */
final class ReviewStageRules {

  private final ServerState server;

  ReviewStageRules(ServerState server) {
    this.server = server;
  }

  /** The stored form of a policy: stages and participants have ids. */
  ObjectNode normalizePolicy(ObjectNode policy) {
    ObjectNode normal = JsonNodes.object().put("mode", "normal").put("commentRequired", true);
    normal.setAll(policy.deepCopy());
    for (JsonNode stage : normal.withArray("stages")) {
      ensureId((ObjectNode) stage).put("approvalsNeeded", 1);
      stage.path("participants").forEach(participant -> ensureId((ObjectNode) participant));
    }
    return normal;
  }

  private ObjectNode ensureId(ObjectNode object) {
    return object.hasNonNull("id") ? object : object.put("id", server.idGenerator.next());
  }

  /** The status and assignee that the stages set instead of those of the update. */
  record StageTransition(IssueStatus status, JsonNode nextAssignee, @Nullable ObjectNode state) {

    /** The update with status and assignee of the transition. */
    ObjectNode applyTo(ObjectNode body) {
      ObjectNode rewritten = body.deepCopy().put("status", status.wireName());
      rewritten.set("assigneeAgentId", JsonNodes.copyOrNull(nextAssignee.get("agentId")));
      rewritten.set("assigneeUserId", JsonNodes.copyOrNull(nextAssignee.get("userId")));
      return rewritten;
    }
  }

  /** The transition that an update causes; empty when the update applies unchanged. */
  Optional<StageTransition> transitionFor(ApiCall apiCall, IssueEntity issueEntity, ObjectNode body,
      Optional<IssueStatus> next) {
    List<JsonNode> stages = stages(issueEntity);
    if (stages.isEmpty()) {
      return Optional.empty();
    }
    ObjectNode state = issueEntity.executionState;
    JsonNode stage = currentStage(stages, state);
    if (state != null && stage != null && isPending(state)) {
      if (apiCall.agentId() == null && next.filter(issueStatus -> issueStatus != IssueStatus.IN_REVIEW).isPresent()) {
        // the board may override the participant
        return Optional.of(new StageTransition(next.get(), assignee(issueEntity), null));
      }
      return state.at("/currentParticipant/agentId").asText().equals(String.valueOf(apiCall.agentId()))
          ? verdictTransition(issueEntity, body, next, stages, stage, state)
          : otherActorTransition(issueEntity, next, state);
    }
    boolean begins = next.filter(issueStatus -> issueStatus == IssueStatus.DONE || issueStatus == IssueStatus.IN_REVIEW)
        .isPresent();
    if (!begins || (state != null && isCompleted(state))) {
      return Optional.empty();
    }
    JsonNode first = stage != null ? stage : stages.get(0);
    JsonNode executor = state != null && state.hasNonNull("returnAssignee") ? state.get("returnAssignee")
        : assignee(issueEntity);
    return Optional.of(startStage(issueEntity, stages, first, executor));
  }

  /** Restores a status or assignee that differs from the stage; refuses other status changes. */
  private static Optional<StageTransition> otherActorTransition(IssueEntity issueEntity, Optional<IssueStatus> next,
      ObjectNode state) {
    JsonNode participant = state.get("currentParticipant");
    boolean drifted = issueEntity.status() != IssueStatus.IN_REVIEW
        || !issueEntity.isAssignedTo(JsonNodes.text(participant, "agentId"));
    if (drifted) {
      return Optional.of(new StageTransition(IssueStatus.IN_REVIEW, participant, state));
    }
    if (next.filter(issueStatus -> issueStatus != IssueStatus.IN_REVIEW).isPresent()) {
      throw ApiException.unprocessable("Only the active reviewer or approver can advance the current execution stage");
    }
    return Optional.empty();
  }

  private Optional<StageTransition> verdictTransition(
      IssueEntity issueEntity, ObjectNode body, Optional<IssueStatus> next, List<JsonNode> stages, JsonNode stage,
      ObjectNode state) {
    if (next.isEmpty() || next.get() == IssueStatus.IN_REVIEW) {
      return otherActorTransition(issueEntity, next, state);
    }
    boolean approves = next.get() == IssueStatus.DONE;
    if (JsonNodes.text(body, "comment") == null) {
      throw ApiException.unprocessable((approves ? "Approving a review or approval stage requires a comment."
          : "Requesting changes requires a comment.")
          + " Include the decision comment in the same PATCH request; prior comments are not considered.");
    }
    JsonNode executor = state.path("returnAssignee");
    if (!approves) {
      ObjectNode asked = state.deepCopy().put("status", "changes_requested").put("lastDecisionOutcome",
          "changes_requested");
      asked.put("changesRequestedCount", state.path("changesRequestedCount").asInt() + 1);
      return Optional.of(new StageTransition(IssueStatus.IN_PROGRESS, executor, asked));
    }
    int following = stages.indexOf(stage) + 1;
    if (following < stages.size()) {
      StageTransition transition = startStage(issueEntity, stages, stages.get(following), executor);
      Objects.requireNonNull(transition.state()).withArray("completedStageIds").add(stage.path("id").asText());
      return Optional.of(transition);
    }
    ObjectNode completed = state.deepCopy().put("status", "completed").put("lastDecisionOutcome", "approved");
    completed.withArray("completedStageIds").add(stage.path("id").asText());
    completed.putNull("currentStageId").putNull("currentStageIndex").putNull("currentStageType")
        .putNull("currentParticipant");
    return Optional.of(new StageTransition(IssueStatus.DONE, assignee(issueEntity), completed));
  }

  private static StageTransition startStage(IssueEntity issueEntity, List<JsonNode> stages, JsonNode stage,
      JsonNode executor) {
    JsonNode participant = null;
    for (JsonNode each : stage.path("participants")) {
      if (participant == null && !each.path("agentId").equals(executor.path("agentId"))) {
        participant = each;
      }
    }
    if (participant == null) {
      throw ApiException
          .unprocessable("No eligible " + stage.path("type").asText() + " participant is configured for this issue");
    }
    ObjectNode who = principal(JsonNodes.text(participant, "agentId"), JsonNodes.text(participant, "userId"));
    ObjectNode before = issueEntity.executionState;
    ObjectNode state = JsonNodes.object().put("status", "pending").put("currentStageId", stage.path("id").asText());
    state.put("currentStageIndex", stages.indexOf(stage)).put("currentStageType", stage.path("type").asText());
    state.set("currentParticipant", who);
    state.set("returnAssignee", executor);
    state.putNull("reviewRequest");
    state.set("completedStageIds",
        before == null ? JsonNodes.array() : before.withArray("completedStageIds").deepCopy());
    state.put("changesRequestedCount", before == null ? 0 : before.path("changesRequestedCount").asInt());
    state.putNull("lastDecisionId");
    state.set("lastDecisionOutcome", JsonNodes.copyOrNull(before == null ? null : before.get("lastDecisionOutcome")));
    return new StageTransition(IssueStatus.IN_REVIEW, who, state);
  }

  /** The wake of the participant or executor after a change of the stage. */
  static Optional<WakeSpec> stageWake(IssueEntity issueEntity, @Nullable JsonNode before, RequestActor requestActor) {
    ObjectNode state = issueEntity.executionState;
    if (state == null || state.equals(before) || isCompleted(state)) {
      return Optional.empty();
    }
    boolean approval = "approval".equals(JsonNodes.text(state, "currentStageType"));
    boolean asks = isPending(state);
    String reason = !asks ? "execution_changes_requested"
        : approval ? "execution_approval_requested" : "execution_review_requested";
    ObjectNode stage = JsonNodes.object().put("wakeRole", !asks ? "executor" : approval ? "approver" : "reviewer");
    stage.put("stageId", JsonNodes.text(state, "currentStageId")).put("stageType",
        JsonNodes.text(state, "currentStageType"));
    for (String field : List.of("currentParticipant", "returnAssignee", "reviewRequest", "lastDecisionOutcome")) {
      stage.set(field, JsonNodes.copyOrNull(state.get(field)));
    }
    stage.set("allowedActions",
        JsonNodes.array(asks ? List.of("approve", "request_changes") : List.of("address_changes", "resubmit")));
    ObjectNode context = IssueWakeRules.issueContext(issueEntity).put("wakeReason", reason).put("source",
        "issue.execution_stage");
    context.set("executionStage", stage);
    return Optional.of(
        new WakeSpec("assignment", "system", reason, context, requestActor instanceof RequestActor.BoardActor, false));
  }

  private static List<JsonNode> stages(IssueEntity issueEntity) {
    JsonNode stages = issueEntity.executionPolicy == null ? null : issueEntity.executionPolicy.get("stages");
    return stages == null ? List.of() : StreamSupport.stream(stages.spliterator(), false).toList();
  }

  private static @Nullable JsonNode currentStage(List<JsonNode> stages, @Nullable ObjectNode state) {
    String id = JsonNodes.text(state, "currentStageId");
    return stages.stream().filter(stage -> stage.path("id").asText().equals(String.valueOf(id))).findFirst()
        .orElse(null);
  }

  private static boolean isPending(ObjectNode state) {
    return "pending".equals(JsonNodes.text(state, "status"));
  }

  private static boolean isCompleted(ObjectNode state) {
    return "completed".equals(JsonNodes.text(state, "status"));
  }

  private static ObjectNode assignee(IssueEntity issueEntity) {
    return principal(issueEntity.assigneeAgentId, issueEntity.assigneeUserId);
  }

  private static ObjectNode principal(@Nullable String agent, @Nullable String user) {
    return JsonNodes.object().put("type", agent != null ? "agent" : "user").put("agentId", agent).put("userId", user);
  }
}
