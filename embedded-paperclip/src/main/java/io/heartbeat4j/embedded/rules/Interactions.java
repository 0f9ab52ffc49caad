package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Cards in an issue's thread: asks, answers and what an answer wakes. */
final class Interactions {

  private static final List<String> KINDS =
      List.of(
          "suggest_tasks",
          "ask_user_questions",
          "request_confirmation",
          "request_checkbox_confirmation",
          "request_item_verdicts",
          "connection_intent");
  private static final List<String> POLICIES = List.of("none", "wake_assignee", "wake_assignee_on_accept");

  private final World world;
  private final IssueAccess access;
  private final Wakes wakes;
  private final AfterWrite afterWrite;

  Interactions(World world, IssueAccess access, Wakes wakes, AfterWrite afterWrite) {
    this.world = world;
    this.access = access;
    this.wakes = wakes;
    this.afterWrite = afterWrite;
  }

  void routes(Router router) {
    String one = "/api/issues/:issue/interactions/:interaction";
    router.on("GET", "/api/issues/:issue/interactions", this::list);
    router.on("POST", "/api/issues/:issue/interactions", this::create);
    router.on("POST", one + "/accept", call -> resolve(call, "accepted", result("accepted")));
    router.on("POST", one + "/reject", this::reject);
    router.on("POST", one + "/respond", this::respond);
    router.on("POST", one + "/cancel", call -> resolve(call, "cancelled", result("cancelled")));
  }

  private Response list(Call call) {
    Issue issue = access.issue(call);
    ArrayNode answer = Json.array();
    world.interactions(issue).forEach(card -> answer.add(card.toJson()));
    return Reads.cacheable(answer);
  }

  private Response create(Call call) {
    ObjectNode body =
        call.check()
            .choice("kind", KINDS)
            .optionalChoice("continuationPolicy", POLICIES)
            .object("payload")
            .orRefuse();
    Issue issue = access.issue(call);
    if (call.actor() instanceof Actor.AgentActor agent) {
      access.mayWrite(call, issue, false);
      access.requireRun(agent);
    }
    String key = Json.text(body, "idempotencyKey");
    Optional<Interaction> same =
        world.interactions(issue).filter(card -> key != null && key.equals(card.idempotencyKey)).findFirst();
    if (same.isPresent()) {
      return Response.of(201, same.get().toJson());
    }
    Interaction card =
        new Interaction(world.ids.next(), issue, body, payload(body), call.agentId(), call.runId(), world.now());
    world.interactions.put(card.id, card);
    world.run(call.runId()).ifPresent(run -> {
      run.productive = true;
      run.touchedIssues.add(issue.id);
    });
    return Response.of(201, card.toJson());
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
    return Json.object().put("version", 1).put("outcome", outcome);
  }

  private Response reject(Call call) {
    String reason = Json.text(call.body(), "reason");
    ObjectNode result = result("rejected");
    if (reason != null) {
      result.put("reason", reason);
    }
    return resolve(call, "rejected", result);
  }

  private Response respond(Call call) {
    ObjectNode body = call.body();
    ObjectNode result = Json.object().put("version", 1);
    result.set("answers", body.path("answers").isArray() ? body.get("answers").deepCopy() : Json.array());
    result.put("summaryMarkdown", Json.text(body, "summaryMarkdown"));
    return resolve(call, "answered", result);
  }

  private Response resolve(Call call, String status, ObjectNode result) {
    Issue issue = access.issue(call);
    Interaction card = world.interactions.get(call.param("interaction"));
    if (card == null || !card.issueId.equals(issue.id)) {
      throw Refusal.notFound("Interaction not found");
    }
    if (!card.pending()) {
      throw noLongerPending(card);
    }
    Instant now = world.now();
    card.status = status;
    card.result = result;
    card.resolvedAt = now;
    card.updatedAt = now;
    card.resolvedByAgentId = call.agentId();
    card.resolvedByUserId = call.agentId() == null ? Actor.BOARD_USER : null;
    card.resolvedByRunId = call.runId();
    issue.touch(now);
    continueWork(call, issue, card);
    return Response.ok(card.toJson());
  }

  private static Refusal noLongerPending(Interaction card) {
    return switch (card.result == null ? "" : card.result.path("outcome").asText()) {
      case "superseded_by_comment" -> refused("interaction_superseded", "Interaction has been superseded");
      case "issue_closed" ->
          refused("interaction_issue_closed", "Interaction is no longer actionable because the issue is closed");
      default -> refused("interaction_already_resolved", "Interaction has already been resolved");
    };
  }

  private static Refusal refused(String code, String message) {
    return Refusal.conflict(message, Json.object().put("code", code));
  }

  private void continueWork(Call call, Issue issue, Interaction card) {
    if (issue.assigneeAgentId == null || issue.status().closed()) {
      return;
    }
    boolean positive = card.status.equals("accepted") || card.status.equals("answered");
    boolean wanted =
        switch (card.continuationPolicy) {
          case "wake_assignee" -> true;
          case "wake_assignee_on_accept" -> positive;
          default -> false;
        };
    boolean lost = !wanted && afterWrite.lostItsReview(issue);
    if (wanted || lost) {
      wakes.wake(issue.assigneeAgentId, WakeSpec.automation("issue_commented", call.actor(), context(issue, card, lost)));
    }
  }

  private static ObjectNode context(Issue issue, Interaction card, boolean lost) {
    ObjectNode context = AfterWrite.about(issue).put("interactionId", card.id).put("interactionKind", card.kind);
    context.put("interactionStatus", card.status).put("continuationPolicy", card.continuationPolicy);
    context.put("sourceRunId", card.sourceRunId).put("source", "issue.interaction." + verb(card.status));
    if (lost) {
      context.put("reviewPathLost", true).put("reviewPathConsumedRef", card.id);
    }
    return context;
  }

  private static @Nullable String verb(String status) {
    return switch (status) {
      case "accepted" -> "accept";
      case "rejected" -> "reject";
      case "answered" -> "respond";
      default -> "cancel";
    };
  }
}
