package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Routes of the cards of an issue; a resolved card may wake the assignee. */
final class InteractionRoutes {

  private static final List<String> INTERACTION_KINDS = List.of(
      "suggest_tasks",
      "ask_user_questions",
      "request_confirmation",
      "request_checkbox_confirmation",
      "request_item_verdicts",
      "connection_intent");
  private static final List<String> POLICIES = List.of("none", "wake_assignee", "wake_assignee_on_accept");

  private final ServerState server;
  private final IssueAccessControl accessControl;
  private final WakeAdmissionService wakeAdmission;
  private final IssueWakeRules wakeRules;

  InteractionRoutes(ServerState server, IssueAccessControl accessControl, WakeAdmissionService wakeAdmission,
      IssueWakeRules wakeRules) {
    this.server = server;
    this.accessControl = accessControl;
    this.wakeAdmission = wakeAdmission;
    this.wakeRules = wakeRules;
  }

  void routes(Router router) {
    String one = "/api/issues/:issue/interactions/:interaction";
    router.route("GET", "/api/issues/:issue/interactions", this::list);
    router.route("POST", "/api/issues/:issue/interactions", this::create);
    router.route("POST", one + "/accept", apiCall -> resolve(apiCall, "accepted", result("accepted")));
    router.route("POST", one + "/reject", this::reject);
    router.route("POST", one + "/respond", this::respond);
    router.route("POST", one + "/cancel", apiCall -> resolve(apiCall, "cancelled", result("cancelled")));
  }

  private ServerResponse list(ApiCall apiCall) {
    IssueEntity issueEntity = accessControl.findIssue(apiCall);
    ArrayNode answer = JsonNodes.array();
    server.interactions(issueEntity).forEach(interaction -> answer.add(interaction.toJson()));
    return CacheableResponse.of(answer);
  }

  private ServerResponse create(ApiCall apiCall) {
    ObjectNode body = apiCall.validateBody()
        .choice("kind", INTERACTION_KINDS)
        .optionalChoice("continuationPolicy", POLICIES)
        .object("payload")
        .orThrow();
    IssueEntity issueEntity = accessControl.findIssue(apiCall);
    if (apiCall.actor() instanceof RequestActor.AgentActor agent) {
      accessControl.requireWritable(apiCall, issueEntity, false);
      accessControl.requireRun(agent);
    }
    String key = JsonNodes.text(body, "idempotencyKey");
    Optional<InteractionEntity> same = server.interactions(issueEntity)
        .filter(interaction -> key != null && key.equals(interaction.idempotencyKey)).findFirst();
    if (same.isPresent()) {
      return ServerResponse.of(201, same.get().toJson());
    }
    InteractionEntity interaction = new InteractionEntity(server.idGenerator.next(), issueEntity, body, payload(body),
        apiCall.agentId(), apiCall.runId(), server.now());
    server.interactions.put(interaction.id, interaction);
    server.recordProgress(apiCall.runId(), issueEntity);
    return ServerResponse.of(201, interaction.toJson());
  }

  private static ObjectNode payload(ObjectNode body) {
    ObjectNode payload = (ObjectNode) body.path("payload").deepCopy();
    boolean confirmation = body.path("kind").asText().endsWith("confirmation");
    if (confirmation && !payload.has("allowDeclineReason")) {
      payload.put("allowDeclineReason", true);
    }
    if (!payload.has("supersedeOnUserComment")) {
      payload.put("supersedeOnUserComment", true);
    }
    return payload;
  }

  private static ObjectNode result(String outcome) {
    return JsonNodes.object().put("version", 1).put("outcome", outcome);
  }

  private ServerResponse reject(ApiCall apiCall) {
    String reason = JsonNodes.text(apiCall.body(), "reason");
    ObjectNode result = result("rejected");
    if (reason != null) {
      result.put("reason", reason);
    }
    return resolve(apiCall, "rejected", result);
  }

  private ServerResponse respond(ApiCall apiCall) {
    ObjectNode body = apiCall.body();
    ObjectNode result = JsonNodes.object().put("version", 1);
    result.set("answers", body.path("answers").isArray() ? body.get("answers").deepCopy() : JsonNodes.array());
    result.put("summaryMarkdown", JsonNodes.text(body, "summaryMarkdown"));
    return resolve(apiCall, "answered", result);
  }

  private ServerResponse resolve(ApiCall apiCall, String status, ObjectNode result) {
    IssueEntity issueEntity = accessControl.findIssue(apiCall);
    InteractionEntity interaction = server.interactions.get(apiCall.param("interaction"));
    if (interaction == null || !interaction.issueId.equals(issueEntity.id)) {
      throw ApiException.notFound("Interaction not found");
    }
    if (!interaction.isPending()) {
      throw noLongerPending(interaction);
    }
    Instant now = server.now();
    interaction.resolve(status, result, now);
    interaction.resolvedByAgentId = apiCall.agentId();
    interaction.resolvedByUserId = apiCall.agentId() == null ? RequestActor.BOARD_USER : null;
    interaction.resolvedByRunId = apiCall.runId();
    issueEntity.touch(now);
    wakeAssignee(apiCall, issueEntity, interaction);
    return ServerResponse.ok(interaction.toJson());
  }

  private static ApiException noLongerPending(InteractionEntity interaction) {
    return switch (interaction.result == null ? "" : interaction.result.path("outcome").asText()) {
      case "superseded_by_comment" -> conflict("interaction_superseded", "Interaction has been superseded");
      case "issue_closed" ->
        conflict("interaction_issue_closed", "Interaction is no longer actionable because the issue is closed");
      default -> conflict("interaction_already_resolved", "Interaction has already been resolved");
    };
  }

  private static ApiException conflict(String code, String message) {
    return ApiException.conflict(message, JsonNodes.object().put("code", code));
  }

  private void wakeAssignee(ApiCall apiCall, IssueEntity issueEntity, InteractionEntity interaction) {
    if (issueEntity.assigneeAgentId == null || issueEntity.status().isClosed()) {
      return;
    }
    boolean positive = interaction.status.equals("accepted") || interaction.status.equals("answered");
    boolean wanted = switch (interaction.continuationPolicy) {
      case "wake_assignee" -> true;
      case "wake_assignee_on_accept" -> positive;
      default -> false;
    };
    boolean lost = !wanted && wakeRules.hasLostReviewPath(issueEntity);
    if (wanted || lost) {
      wakeAdmission.admit(issueEntity.assigneeAgentId,
          WakeSpec.automation("issue_commented", apiCall.actor(), context(issueEntity, interaction, lost)));
    }
  }

  private static ObjectNode context(IssueEntity issueEntity, InteractionEntity interaction, boolean lost) {
    ObjectNode context = IssueWakeRules.issueContext(issueEntity).put("interactionId", interaction.id)
        .put("interactionKind", interaction.kind);
    context.put("interactionStatus", interaction.status).put("continuationPolicy", interaction.continuationPolicy);
    context.put("sourceRunId", interaction.sourceRunId).put("source", "issue.interaction." + verb(interaction.status));
    if (lost) {
      context.put("reviewPathLost", true).put("reviewPathConsumedRef", interaction.id);
    }
    return context;
  }

  private static String verb(String status) {
    return switch (status) {
      case "accepted" -> "accept";
      case "rejected" -> "reject";
      case "answered" -> "respond";
      default -> "cancel";
    };
  }
}
