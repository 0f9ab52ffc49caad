package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Decisions asked of the board, and what a decision wakes. */
final class Approvals {

  private static final List<String> TYPES =
      List.of("hire_agent", "approve_ceo_strategy", "budget_override_required", "request_board_approval");

  private final World world;
  private final Wakes wakes;
  private final AfterWrite afterWrite;

  Approvals(World world, Wakes wakes, AfterWrite afterWrite) {
    this.world = world;
    this.wakes = wakes;
    this.afterWrite = afterWrite;
  }

  void routes(Router router) {
    router.on("GET", "/api/companies/:company/approvals", this::list);
    router.on("POST", "/api/companies/:company/approvals", this::create);
    router.on("GET", "/api/approvals/:approval", call -> Response.ok(find(call).toJson()));
    router.on("GET", "/api/approvals/:approval/issues", this::issues);
    router.on("GET", "/api/approvals/:approval/comments", call -> Response.ok(find(call).comments.deepCopy()));
    router.on("POST", "/api/approvals/:approval/comments", this::comment);
    router.on("POST", "/api/approvals/:approval/approve", call -> decide(call, "approved"));
    router.on("POST", "/api/approvals/:approval/reject", call -> decide(call, "rejected"));
    router.on("POST", "/api/approvals/:approval/request-revision", call -> decide(call, "revision_requested"));
    router.on("POST", "/api/approvals/:approval/resubmit", this::resubmit);
  }

  private Approval find(Call call) {
    Approval approval = world.approvals.get(call.param("approval"));
    if (approval == null || !call.sees(approval.companyId)) {
      throw Refusal.notFound("Approval not found");
    }
    return approval;
  }

  private Response list(Call call) {
    call.requireCompany(call.param("company"));
    String status = call.query("status");
    ArrayNode answer = Json.array();
    world.approvals.values().stream()
        .filter(approval -> approval.companyId.equals(call.param("company")))
        .filter(approval -> status == null || approval.status.equals(status))
        .forEach(approval -> answer.add(approval.toJson()));
    return Response.ok(answer);
  }

  private Response create(Call call) {
    ObjectNode body =
        call.check()
            .choice("type", TYPES)
            .optionalUuid("requestedByAgentId")
            .optionalUuids("issueIds")
            .object("payload")
            .orRefuse();
    String companyId = call.param("company");
    call.requireCompany(companyId);
    List<String> issueIds = new ArrayList<>();
    for (JsonNode id : body.path("issueIds")) {
      Issue issue = world.issues.get(id.asText());
      if (issue == null || !issue.companyId.equals(companyId)) {
        throw Refusal.notFound("Issue not found");
      }
      issueIds.add(issue.id);
    }
    String requester = Json.text(body, "requestedByAgentId");
    Approval approval = add(companyId, body.path("type").asText(), requester == null ? call.agentId() : requester, issueIds,
        (ObjectNode) body.path("payload").deepCopy());
    world.run(call.runId()).ifPresent(run -> {
      run.productive = true;
    });
    return Response.of(201, approval.toJson());
  }

  Approval add(
      String companyId,
      String type,
      @org.jspecify.annotations.Nullable String requester,
      List<String> issueIds,
      ObjectNode payload) {
    Approval approval = new Approval(world.ids.next(), companyId, type, requester, issueIds, payload, world.now());
    world.approvals.put(approval.id, approval);
    return approval;
  }

  private Response issues(Call call) {
    ArrayNode answer = Json.array();
    find(call).issueIds.stream()
        .map(world.issues::get)
        .filter(Objects::nonNull)
        .forEach(issue -> answer.add(IssueJson.linked(issue)));
    return Response.ok(answer);
  }

  private Response comment(Call call) {
    ObjectNode body = call.check().text("body").orRefuse();
    Approval approval = find(call);
    Instant now = world.now();
    ObjectNode comment = approval.comments.addObject();
    comment.put("id", world.ids.next()).put("companyId", approval.companyId).put("approvalId", approval.id);
    comment.put("authorAgentId", call.agentId()).put("authorUserId", call.agentId() == null ? Actor.BOARD_USER : null);
    comment.put("body", body.path("body").asText());
    comment.put("createdAt", Json.time(now)).put("updatedAt", Json.time(now));
    return Response.of(201, comment.deepCopy());
  }

  private Response decide(Call call, String decision) {
    call.requireBoard();
    Approval approval = find(call);
    if (!approval.open()) {
      throw Refusal.unprocessable("Only pending or revision requested approvals can be " + decision);
    }
    approval.status = decision;
    approval.decisionNote = Json.text(call.body(), "decisionNote");
    approval.decidedAt = world.now();
    approval.updatedAt = approval.decidedAt;
    if (decision.equals("approved")) {
      wakeRequester(approval);
    } else if (decision.equals("rejected")) {
      wakeWhereReviewIsLost(approval);
    }
    return Response.ok(approval.toJson());
  }

  private void wakeRequester(Approval approval) {
    if (approval.requestedByAgentId == null) {
      return;
    }
    ObjectNode context = Json.object().put("source", "approval.approved").put("approvalId", approval.id);
    context.put("approvalStatus", approval.status);
    context.set("issueIds", Json.array(approval.issueIds));
    if (!approval.issueIds.isEmpty()) {
      context.put("issueId", approval.issueIds.get(0)).put("taskId", approval.issueIds.get(0));
    }
    wakes.wake(approval.requestedByAgentId, WakeSpec.automation("approval_approved", context));
  }

  private void wakeWhereReviewIsLost(Approval approval) {
    for (String issueId : approval.issueIds) {
      Issue issue = world.issues.get(issueId);
      if (issue != null && issue.assigneeAgentId != null && afterWrite.lostItsReview(issue)) {
        ObjectNode context = AfterWrite.about(issue).put("source", "approval.rejected").put("approvalId", approval.id);
        context.put("approvalStatus", approval.status).put("reviewPathLost", true);
        context.put("reviewPathConsumedRef", approval.id);
        wakes.wake(issue.assigneeAgentId, WakeSpec.automation("approval_rejected", context));
      }
    }
  }

  private Response resubmit(Call call) {
    Approval approval = find(call);
    if (call.actor() instanceof Actor.AgentActor agent && !agent.is(approval.requestedByAgentId)) {
      throw Refusal.forbidden("Only requesting agent can resubmit this approval");
    }
    if (!approval.status.equals("revision_requested")) {
      throw Refusal.unprocessable("Only revision requested approvals can be resubmitted");
    }
    if (call.body().path("payload") instanceof ObjectNode payload) {
      approval.payload = payload.deepCopy();
    }
    approval.status = "pending";
    approval.decisionNote = null;
    approval.decidedAt = null;
    approval.updatedAt = world.now();
    return Response.ok(approval.toJson());
  }
}
