package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Stages of review and approval: who is asked for a verdict, what a status means while one is, and who gets the issue next.
 * Only what a single participant of a stage needs; the brake after too many rounds and auto-skipped stages are left out.
 */
final class Stages {

  private final World world;

  Stages(World world) {
    this.world = world;
  }

  /** A policy as the server keeps it: stages and participants with ids. */
  ObjectNode normal(ObjectNode policy) {
    ObjectNode normal = Json.object().put("mode", "normal").put("commentRequired", true);
    normal.setAll(policy.deepCopy());
    for (JsonNode stage : normal.withArray("stages")) {
      identify((ObjectNode) stage).put("approvalsNeeded", 1);
      stage.path("participants").forEach(participant -> identify((ObjectNode) participant));
    }
    return normal;
  }

  private ObjectNode identify(ObjectNode object) {
    return object.hasNonNull("id") ? object : object.put("id", world.ids.next());
  }

  /** A move of the issue that the stages decide, whatever the update says of status and assignee. */
  record Move(Status status, JsonNode to, @Nullable ObjectNode state) {

    /** The update as it is carried out. */
    ObjectNode rewritten(ObjectNode body) {
      ObjectNode rewritten = body.deepCopy().put("status", status.wire());
      rewritten.set("assigneeAgentId", Json.copy(to.get("agentId")));
      rewritten.set("assigneeUserId", Json.copy(to.get("userId")));
      return rewritten;
    }
  }

  /** What the stages make of an update; nothing where it is carried out as it says. */
  Optional<Move> move(Call call, Issue issue, ObjectNode body, Optional<Status> next) {
    List<JsonNode> stages = stages(issue);
    if (stages.isEmpty()) {
      return Optional.empty();
    }
    ObjectNode state = issue.executionState;
    JsonNode stage = current(stages, state);
    if (state != null && stage != null && isPending(state)) {
      if (call.agentId() == null && next.filter(status -> status != Status.IN_REVIEW).isPresent()) {
        return Optional.of(new Move(next.get(), assignee(issue), null)); // the board goes over the reviewer's head
      }
      return state.at("/currentParticipant/agentId").asText().equals(String.valueOf(call.agentId()))
          ? verdict(issue, body, next, stages, stage, state)
          : others(issue, next, state);
    }
    boolean begins = next.filter(status -> status == Status.DONE || status == Status.IN_REVIEW).isPresent();
    if (!begins || (state != null && isCompleted(state))) {
      return Optional.empty();
    }
    JsonNode first = stage != null ? stage : stages.get(0);
    JsonNode executor = state != null && state.hasNonNull("returnAssignee") ? state.get("returnAssignee") : assignee(issue);
    return Optional.of(pending(issue, stages, first, executor));
  }

  /** Anybody else only repairs what has drifted, and may not say more than that. */
  private static Optional<Move> others(Issue issue, Optional<Status> next, ObjectNode state) {
    JsonNode participant = state.get("currentParticipant");
    boolean drifted = issue.status() != Status.IN_REVIEW
        || !issue.isAssignedTo(Json.text(participant, "agentId"));
    if (drifted) {
      return Optional.of(new Move(Status.IN_REVIEW, participant, state));
    }
    if (next.filter(status -> status != Status.IN_REVIEW).isPresent()) {
      throw Refusal.unprocessable("Only the active reviewer or approver can advance the current execution stage");
    }
    return Optional.empty();
  }

  private Optional<Move> verdict(
      Issue issue, ObjectNode body, Optional<Status> next, List<JsonNode> stages, JsonNode stage, ObjectNode state) {
    if (next.isEmpty() || next.get() == Status.IN_REVIEW) {
      return others(issue, next, state);
    }
    boolean approves = next.get() == Status.DONE;
    if (Json.text(body, "comment") == null) {
      throw Refusal.unprocessable((approves ? "Approving a review or approval stage requires a comment."
          : "Requesting changes requires a comment.")
          + " Include the decision comment in the same PATCH request; prior comments are not considered.");
    }
    JsonNode executor = state.path("returnAssignee");
    if (!approves) {
      ObjectNode asked = state.deepCopy().put("status", "changes_requested").put("lastDecisionOutcome", "changes_requested");
      asked.put("changesRequestedCount", state.path("changesRequestedCount").asInt() + 1);
      return Optional.of(new Move(Status.IN_PROGRESS, executor, asked));
    }
    int following = stages.indexOf(stage) + 1;
    if (following < stages.size()) {
      Move move = pending(issue, stages, stages.get(following), executor);
      Objects.requireNonNull(move.state()).withArray("completedStageIds").add(stage.path("id").asText());
      return Optional.of(move);
    }
    ObjectNode completed = state.deepCopy().put("status", "completed").put("lastDecisionOutcome", "approved");
    completed.withArray("completedStageIds").add(stage.path("id").asText());
    completed.putNull("currentStageId").putNull("currentStageIndex").putNull("currentStageType").putNull("currentParticipant");
    return Optional.of(new Move(Status.DONE, assignee(issue), completed));
  }

  private static Move pending(Issue issue, List<JsonNode> stages, JsonNode stage, JsonNode executor) {
    JsonNode participant = null;
    for (JsonNode each : stage.path("participants")) {
      if (participant == null && !each.path("agentId").equals(executor.path("agentId"))) {
        participant = each;
      }
    }
    if (participant == null) {
      throw Refusal.unprocessable("No eligible " + stage.path("type").asText() + " participant is configured for this issue");
    }
    ObjectNode who = principal(Json.text(participant, "agentId"), Json.text(participant, "userId"));
    ObjectNode before = issue.executionState;
    ObjectNode state = Json.object().put("status", "pending").put("currentStageId", stage.path("id").asText());
    state.put("currentStageIndex", stages.indexOf(stage)).put("currentStageType", stage.path("type").asText());
    state.set("currentParticipant", who);
    state.set("returnAssignee", executor);
    state.putNull("reviewRequest");
    state.set("completedStageIds", before == null ? Json.array() : before.withArray("completedStageIds").deepCopy());
    state.put("changesRequestedCount", before == null ? 0 : before.path("changesRequestedCount").asInt());
    state.putNull("lastDecisionId");
    state.set("lastDecisionOutcome", Json.copy(before == null ? null : before.get("lastDecisionOutcome")));
    return new Move(Status.IN_REVIEW, who, state);
  }

  /** The wake of whoever has the next word, if it is an agent. */
  static Optional<WakeSpec> wake(Issue issue, @Nullable JsonNode before, Actor actor) {
    ObjectNode state = issue.executionState;
    if (state == null || state.equals(before) || isCompleted(state)) {
      return Optional.empty();
    }
    boolean approval = "approval".equals(Json.text(state, "currentStageType"));
    boolean asks = isPending(state);
    String reason = !asks ? "execution_changes_requested"
        : approval ? "execution_approval_requested" : "execution_review_requested";
    ObjectNode stage = Json.object().put("wakeRole", !asks ? "executor" : approval ? "approver" : "reviewer");
    stage.put("stageId", Json.text(state, "currentStageId")).put("stageType", Json.text(state, "currentStageType"));
    for (String field : List.of("currentParticipant", "returnAssignee", "reviewRequest", "lastDecisionOutcome")) {
      stage.set(field, Json.copy(state.get(field)));
    }
    stage.set("allowedActions", Json.array(asks ? List.of("approve", "request_changes") : List.of("address_changes", "resubmit")));
    ObjectNode context = AfterWrite.about(issue).put("wakeReason", reason).put("source", "issue.execution_stage");
    context.set("executionStage", stage);
    return Optional.of(new WakeSpec("assignment", "system", reason, context, actor instanceof Actor.BoardActor, false));
  }

  private static List<JsonNode> stages(Issue issue) {
    JsonNode stages = issue.executionPolicy == null ? null : issue.executionPolicy.get("stages");
    return stages == null ? List.of() : StreamSupport.stream(stages.spliterator(), false).toList();
  }

  private static @Nullable JsonNode current(List<JsonNode> stages, @Nullable ObjectNode state) {
    String id = Json.text(state, "currentStageId");
    return stages.stream().filter(stage -> stage.path("id").asText().equals(String.valueOf(id))).findFirst().orElse(null);
  }

  private static boolean isPending(ObjectNode state) {
    return "pending".equals(Json.text(state, "status"));
  }

  private static boolean isCompleted(ObjectNode state) {
    return "completed".equals(Json.text(state, "status"));
  }

  private static ObjectNode assignee(Issue issue) {
    return principal(issue.assigneeAgentId, issue.assigneeUserId);
  }

  private static ObjectNode principal(@Nullable String agent, @Nullable String user) {
    return Json.object().put("type", agent != null ? "agent" : "user").put("agentId", agent).put("userId", user);
  }
}
