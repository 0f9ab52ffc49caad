package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Routes of approvals; a decision wakes the requesting agent or the assignee. */
final class ApprovalRoutes {

  private static final List<String> TYPES = List.of("hire_agent", "approve_ceo_strategy", "budget_override_required",
      "request_board_approval");

  private final ServerState server;
  private final WakeAdmissionService wakeAdmission;
  private final IssueWakeRules wakeRules;

  ApprovalRoutes(ServerState server, WakeAdmissionService wakeAdmission, IssueWakeRules wakeRules) {
    this.server = server;
    this.wakeAdmission = wakeAdmission;
    this.wakeRules = wakeRules;
  }

  void routes(Router router) {
    router.route("GET", "/api/companies/:company/approvals", this::list);
    router.route("POST", "/api/companies/:company/approvals", this::create);
    router.route("GET", "/api/approvals/:approval", apiCall -> ServerResponse.ok(find(apiCall).toJson()));
    router.route("GET", "/api/approvals/:approval/issues", this::issues);
    router.route("GET", "/api/approvals/:approval/comments",
        apiCall -> ServerResponse.ok(find(apiCall).comments.deepCopy()));
    router.route("POST", "/api/approvals/:approval/comments", this::comment);
    router.route("POST", "/api/approvals/:approval/approve", apiCall -> decide(apiCall, "approved"));
    router.route("POST", "/api/approvals/:approval/reject", apiCall -> decide(apiCall, "rejected"));
    router.route("POST", "/api/approvals/:approval/request-revision", apiCall -> decide(apiCall, "revision_requested"));
    router.route("POST", "/api/approvals/:approval/resubmit", this::resubmit);
  }

  private ApprovalEntity find(ApiCall apiCall) {
    ApprovalEntity approvalEntity = server.approvals.get(apiCall.param("approval"));
    if (approvalEntity == null || !apiCall.canSee(approvalEntity.companyId)) {
      throw ApiException.notFound("Approval not found");
    }
    return approvalEntity;
  }

  private ServerResponse list(ApiCall apiCall) {
    apiCall.requireCompany(apiCall.param("company"));
    String status = apiCall.query("status");
    ArrayNode answer = JsonNodes.array();
    server.approvals.values().stream()
        .filter(approvalEntity -> approvalEntity.companyId.equals(apiCall.param("company")))
        .filter(approvalEntity -> status == null || approvalEntity.status.equals(status))
        .forEach(approvalEntity -> answer.add(approvalEntity.toJson()));
    return ServerResponse.ok(answer);
  }

  private ServerResponse create(ApiCall apiCall) {
    ObjectNode body = apiCall.validateBody()
        .choice("type", TYPES)
        .optionalUuid("requestedByAgentId")
        .optionalUuids("issueIds")
        .object("payload")
        .orThrow();
    String companyId = apiCall.param("company");
    apiCall.requireCompany(companyId);
    List<String> issueIds = new ArrayList<>();
    for (JsonNode id : body.path("issueIds")) {
      IssueEntity issueEntity = server.issues.get(id.asText());
      if (issueEntity == null || !issueEntity.companyId.equals(companyId)) {
        throw ApiException.notFound("Issue not found");
      }
      issueIds.add(issueEntity.id);
    }
    String requester = JsonNodes.text(body, "requestedByAgentId");
    ApprovalEntity approvalEntity = createApproval(companyId, body.path("type").asText(),
        requester == null ? apiCall.agentId() : requester, issueIds,
        (ObjectNode) body.path("payload").deepCopy());
    server.findRun(apiCall.runId()).ifPresent(runEntity -> runEntity.productive = true);
    return ServerResponse.of(201, approvalEntity.toJson());
  }

  ApprovalEntity createApproval(
      String companyId,
      String type,
      @org.jspecify.annotations.Nullable String requester,
      List<String> issueIds,
      ObjectNode payload) {
    ApprovalEntity approvalEntity = new ApprovalEntity(server.idGenerator.next(), companyId, type, requester, issueIds,
        payload, server.now());
    server.approvals.put(approvalEntity.id, approvalEntity);
    return approvalEntity;
  }

  private ServerResponse issues(ApiCall apiCall) {
    ArrayNode answer = JsonNodes.array();
    find(apiCall).issueIds.stream()
        .map(server.issues::get)
        .filter(Objects::nonNull)
        .forEach(issueEntity -> answer.add(IssueJsonRenderer.renderLinked(issueEntity)));
    return ServerResponse.ok(answer);
  }

  private ServerResponse comment(ApiCall apiCall) {
    ObjectNode body = apiCall.validateBody().text("body").orThrow();
    ApprovalEntity approvalEntity = find(apiCall);
    Instant now = server.now();
    ObjectNode comment = approvalEntity.comments.addObject();
    comment.put("id", server.idGenerator.next()).put("companyId", approvalEntity.companyId).put("approvalId",
        approvalEntity.id);
    comment.put("authorAgentId", apiCall.agentId()).put("authorUserId",
        apiCall.agentId() == null ? RequestActor.BOARD_USER : null);
    comment.put("body", body.path("body").asText());
    comment.put("createdAt", JsonNodes.time(now)).put("updatedAt", JsonNodes.time(now));
    return ServerResponse.of(201, comment.deepCopy());
  }

  private ServerResponse decide(ApiCall apiCall, String decision) {
    apiCall.requireBoard();
    ApprovalEntity approvalEntity = find(apiCall);
    if (!approvalEntity.isOpen()) {
      throw ApiException.unprocessable("Only pending or revision requested approvals can be " + decision);
    }
    approvalEntity.status = decision;
    approvalEntity.decisionNote = JsonNodes.text(apiCall.body(), "decisionNote");
    approvalEntity.decidedAt = server.now();
    approvalEntity.updatedAt = approvalEntity.decidedAt;
    if (decision.equals("approved")) {
      wakeRequester(approvalEntity);
    } else if (decision.equals("rejected")) {
      wakeOnLostReviewPath(approvalEntity);
    }
    return ServerResponse.ok(approvalEntity.toJson());
  }

  private void wakeRequester(ApprovalEntity approvalEntity) {
    if (approvalEntity.requestedByAgentId == null) {
      return;
    }
    ObjectNode context = JsonNodes.object().put("source", "approval.approved").put("approvalId", approvalEntity.id);
    context.put("approvalStatus", approvalEntity.status);
    context.set("issueIds", JsonNodes.array(approvalEntity.issueIds));
    if (!approvalEntity.issueIds.isEmpty()) {
      context.put("issueId", approvalEntity.issueIds.get(0)).put("taskId", approvalEntity.issueIds.get(0));
    }
    wakeAdmission.admit(approvalEntity.requestedByAgentId, WakeSpec.automation("approval_approved", context));
  }

  private void wakeOnLostReviewPath(ApprovalEntity approvalEntity) {
    for (String issueId : approvalEntity.issueIds) {
      IssueEntity issueEntity = server.issues.get(issueId);
      if (issueEntity != null && issueEntity.assigneeAgentId != null && wakeRules.hasLostReviewPath(issueEntity)) {
        ObjectNode context = IssueWakeRules.issueContext(issueEntity).put("source", "approval.rejected")
            .put("approvalId", approvalEntity.id);
        context.put("approvalStatus", approvalEntity.status).put("reviewPathLost", true);
        context.put("reviewPathConsumedRef", approvalEntity.id);
        wakeAdmission.admit(issueEntity.assigneeAgentId, WakeSpec.automation("approval_rejected", context));
      }
    }
  }

  private ServerResponse resubmit(ApiCall apiCall) {
    ApprovalEntity approvalEntity = find(apiCall);
    if (apiCall.actor() instanceof RequestActor.AgentActor agent && !agent.hasId(approvalEntity.requestedByAgentId)) {
      throw ApiException.forbidden("Only requesting agent can resubmit this approval");
    }
    if (!approvalEntity.status.equals("revision_requested")) {
      throw ApiException.unprocessable("Only revision requested approvals can be resubmitted");
    }
    if (apiCall.body().path("payload") instanceof ObjectNode payload) {
      approvalEntity.payload = payload.deepCopy();
    }
    approvalEntity.status = "pending";
    approvalEntity.decisionNote = null;
    approvalEntity.decidedAt = null;
    approvalEntity.updatedAt = server.now();
    return ServerResponse.ok(approvalEntity.toJson());
  }
}
