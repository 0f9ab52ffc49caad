package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code PATCH /api/issues/:issue}: fields, status, assignee, blockers and a comment in one request. */
final class IssueUpdate {

  private static final Set<String> WORK_FIELDS =
      Set.of(
          "title", "description", "status", "priority", "assigneeAgentId", "assigneeUserId", "projectId", "goalId",
          "parentId", "blockedByIssueIds", "unblockDescriptor", "executionPolicy", "billingCode");

  private static final Set<String> RECOVERY_FIELDS =
      Set.of("status", "assigneeAgentId", "assigneeUserId", "blockedByIssueIds", "executionPolicy");

  private final World world;
  private final IssueAccess access;
  private final Disposition disposition;
  private final IssueThread thread;
  private final Monitors monitors;
  private final Stages stages;
  private final AfterWrite afterWrite;
  private final RunEnd runEnd;

  IssueUpdate(
      World world,
      IssueAccess access,
      Disposition disposition,
      IssueThread thread,
      Monitors monitors,
      Stages stages,
      AfterWrite afterWrite,
      RunEnd runEnd) {
    this.world = world;
    this.access = access;
    this.disposition = disposition;
    this.thread = thread;
    this.monitors = monitors;
    this.stages = stages;
    this.afterWrite = afterWrite;
    this.runEnd = runEnd;
  }

  void routes(Router router) {
    router.onSlow("PATCH", "/api/issues/:issue", this::update);
  }

  private Future<Response> update(Call call) {
    ObjectNode body =
        call.check()
            .optionalChoice("status", Status.WIRE)
            .optionalChoice("priority", IssueCreation.PRIORITIES)
            .optionalUuid("assigneeAgentId")
            .optionalText("comment")
            .optionalUuids("blockedByIssueIds")
            .orRefuse();
    Issue issue = access.issue(call);
    access.refuseSpoof(call);
    access.mayWrite(call, issue);
    String comment = Json.text(body, "comment");
    if (body.path("resume").asBoolean(false) && comment == null) {
      throw Refusal.badRequest("Follow-up intent requires a comment");
    }
    if (hasWork(body)) {
      access.influence(call, issue);
    }
    if (comment != null) {
      access.refusePaused(call, issue);
      access.influence(call, issue);
    }
    if (body.path("interrupt").asBoolean(false) && call.agentId() != null) {
      throw Refusal.forbidden("Only board users can interrupt active runs from issue comments");
    }
    Optional<Status> next = reopening(
        call, issue, body, comment, Optional.ofNullable(Json.text(body, "status")).flatMap(Status::of));
    checkAssignee(issue, body);
    Optional<Stages.Move> move = stages.move(call, issue, body, next);
    if (move.isEmpty()) {
      disposition.guard(call, issue, body, next);
    }
    if (body.path("blockedByIssueIds").isArray()) {
      disposition.guardBlockers(issue, body.path("blockedByIssueIds"));
    }
    ObjectNode meant = move.map(each -> each.rewritten(body)).orElse(body);
    Optional<Status> status = move.map(Stages.Move::status).or(() -> next);
    return stopRuns(issue, meant, status)
        .map(stopped -> commit(call, issue, meant, comment, status, move));
  }

  private static boolean hasWork(ObjectNode body) {
    return WORK_FIELDS.stream().anyMatch(body::has);
  }

  /** A person's comment brings a closed or blocked issue of an agent back to todo. */
  private Optional<Status> reopening(
      Call call, Issue issue, ObjectNode body, @Nullable String comment, Optional<Status> wished) {
    boolean byBoard = call.agentId() == null;
    boolean resting = issue.status().closed() || issue.status() == Status.BLOCKED;
    if (wished.isEmpty() && comment != null && byBoard && resting && issue.assigneeAgentId != null
        && body.path("blockedByIssueIds").isEmpty() && world.unresolvedBlockers(issue).isEmpty()) {
      return Optional.of(Status.TODO);
    }
    return wished;
  }

  private void checkAssignee(Issue issue, ObjectNode body) {
    String assignee = Json.text(body, "assigneeAgentId");
    if (assignee != null
        && world.agentOf(assignee).filter(agent -> agent.companyId.equals(issue.companyId)).isEmpty()) {
      throw Refusal.notFound("Agent not found");
    }
  }

  /** A change of the assignee, or a cancellation, first stops the run that works on the issue. */
  private Future<Void> stopRuns(Issue issue, ObjectNode body, Optional<Status> next) {
    boolean leaves = issue.assigneeAgentId != null && assigneeChanges(issue, body);
    boolean cancels = next.filter(status -> status == Status.CANCELLED && issue.status() != status).isPresent();
    if (!leaves && !cancels) {
      return Future.succeededFuture();
    }
    Optional<Run> run =
        world
            .run(issue.executionRunId)
            .filter(Run::live)
            .or(
                () ->
                    world
                        .liveRuns(each -> issue.id.equals(Json.text(each.context, "issueId")))
                        .filter(each -> issue.isAssignedTo(each.agentId))
                        .findFirst());
    if (run.isEmpty()) {
      return Future.succeededFuture();
    }
    return leaves
        ? runEnd.stop(run.get(), "Cancelled before issue reassignment", "issue_reassigned")
        : runEnd.stop(run.get(), "Cancelled because the issue was cancelled", "issue_cancelled");
  }

  private static boolean assigneeChanges(Issue issue, ObjectNode body) {
    return !Objects.equals(nextAgent(issue, body), issue.assigneeAgentId)
        || !Objects.equals(nextUser(issue, body), issue.assigneeUserId);
  }

  private static @Nullable String nextAgent(Issue issue, ObjectNode body) {
    return body.has("assigneeAgentId") ? Json.text(body, "assigneeAgentId") : issue.assigneeAgentId;
  }

  private static @Nullable String nextUser(Issue issue, ObjectNode body) {
    return body.has("assigneeUserId") ? Json.text(body, "assigneeUserId") : issue.assigneeUserId;
  }

  private Response commit(
      Call call, Issue issue, ObjectNode body, @Nullable String comment, Optional<Status> next, Optional<Stages.Move> move) {
    if (nextAgent(issue, body) != null && nextUser(issue, body) != null) {
      // refused only now: the run has been stopped already
      throw Refusal.unprocessable("Issue can only have one assignee");
    }
    IssueState before = IssueState.of(issue);
    ObjectNode stateBefore = issue.executionState;
    JsonNode rowBefore = row(issue, body);
    Instant now = world.now();
    boolean moves = next.filter(status -> status != issue.status()).isPresent();
    String agent = nextAgent(issue, body);
    String user = nextUser(issue, body);
    boolean reassigned = assigneeChanges(issue, body);
    next.ifPresent(status -> issue.moveTo(status, now));
    issue.assigneeAgentId = agent;
    issue.assigneeUserId = user;
    if (reassigned) {
      issue.unlock();
    }
    move.ifPresent(each -> issue.executionState = each.state());
    fields(issue, body, moves);
    monitors.apply(issue, body, call, moves);
    if (hasWork(body)) {
      clearRecovery(issue, body);
    }
    issue.touch(now);
    Comment added = null;
    if (comment != null) {
      String reason = IssueAccess.reason(call, issue, "allow_visible_issue_write");
      if (before.assigneeAgentId() != null && before.assigneeAgentId().equals(call.agentId())) {
        reason = "allow_self";
      }
      added = thread.add(issue, call.actor(), comment, null, reason);
    }
    world.run(call.runId()).ifPresent(run -> {
      run.productive = true;
      run.touchedIssues.add(issue.id);
    });
    ObjectNode changes = IssueJson.changes(rowBefore, row(issue, body));
    ObjectNode answer = answer(call, issue, body, changes, Optional.ofNullable(added));
    afterWrite.updated(
        issue, before, call.actor(), Optional.ofNullable(added), Stages.wake(issue, stateBefore, call.actor()));
    return minimal(call)
        ? Response.ok(answer).header("preference-applied", "return=minimal")
        : Response.ok(answer);
  }

  private static ObjectNode row(Issue issue, ObjectNode body) {
    ObjectNode row = IssueJson.row(issue);
    if (body.path("blockedByIssueIds").isArray()) {
      row.set("blockedByIssueIds", Json.array(issue.blockedBy));
    }
    return row;
  }

  private static void fields(Issue issue, ObjectNode body, boolean moves) {
    if (body.hasNonNull("title")) {
      issue.title = body.path("title").asText();
    }
    if (body.has("description")) {
      issue.description = Json.text(body, "description");
    }
    if (body.hasNonNull("priority")) {
      issue.priority = body.path("priority").asText();
    }
    if (body.has("goalId")) {
      issue.goalId = Json.text(body, "goalId");
    }
    if (body.has("projectId")) {
      issue.projectId = Json.text(body, "projectId");
    }
    if (body.has("parentId")) {
      issue.parentId = Json.text(body, "parentId");
    }
    if (body.has("billingCode")) {
      issue.billingCode = Json.text(body, "billingCode");
    }
    if (body.path("blockedByIssueIds").isArray()) {
      List<String> blockers = new ArrayList<>();
      body.path("blockedByIssueIds").forEach(id -> blockers.add(id.asText()));
      issue.blockedBy = blockers;
    }
    if (body.has("unblockDescriptor")) {
      ObjectNode descriptor = body.get("unblockDescriptor") instanceof ObjectNode object ? object.deepCopy() : null;
      if (!moves && !Objects.equals(descriptor, issue.unblockDescriptor)) {
        issue.statusVersion++;
      }
      issue.unblockDescriptor = descriptor;
    }
  }

  /** Whoever writes the status, the assignee or a path has looked at what a run left. */
  private void clearRecovery(Issue issue, ObjectNode body) {
    if (RECOVERY_FIELDS.stream().anyMatch(body::has)) {
      issue.handoff = null;
      Recovery.revalidate(world, issue);
    }
  }

  private ObjectNode answer(Call call, Issue issue, ObjectNode body, ObjectNode changes, Optional<Comment> comment) {
    JsonNode commentJson = comment.map(each -> (JsonNode) each.toJson()).orElseGet(() -> Json.copy(null));
    if (minimal(call)) {
      ObjectNode answer = Json.object().put("id", issue.id).put("identifier", issue.identifier);
      answer.put("updatedAt", Json.time(issue.updatedAt)).set("changes", changes);
      answer.set("comment", commentJson);
      return answer;
    }
    ObjectNode answer = row(issue, body);
    answer.set("changes", changes);
    if (body.path("blockedByIssueIds").isArray()) {
      answer.set("blockedBy", IssueJson.related(issue.blockedBy.stream().map(world.issues::get).toList()));
    }
    answer.set("comment", commentJson);
    return answer;
  }

  private static boolean minimal(Call call) {
    String prefer = call.request().headerValue("prefer");
    return prefer != null && prefer.toLowerCase(Locale.ROOT).contains("return=minimal");
  }
}
