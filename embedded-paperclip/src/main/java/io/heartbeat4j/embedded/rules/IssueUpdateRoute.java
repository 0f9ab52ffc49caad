package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code PATCH /api/issues/:issue}: fields, status, assignee, blockers and a comment in one request. */
final class IssueUpdateRoute {

  private static final Set<String> WORK_FIELDS = Set.of(
      "title", "description", "status", "priority", "assigneeAgentId", "assigneeUserId", "projectId", "goalId",
      "parentId", "blockedByIssueIds", "unblockDescriptor", "executionPolicy", "billingCode");

  private static final Set<String> RECOVERY_FIELDS = Set.of("status", "assigneeAgentId", "assigneeUserId",
      "blockedByIssueIds", "executionPolicy");

  private final ServerState server;
  private final IssueAccessControl accessControl;
  private final StatusChangeValidator statusValidator;
  private final CommentWriter commentWriter;
  private final IssueMonitorScheduler monitorScheduler;
  private final ReviewStageRules stageRules;
  private final IssueWakeRules wakeRules;
  private final RunFinisher runFinisher;

  IssueUpdateRoute(
      ServerState server,
      IssueAccessControl accessControl,
      StatusChangeValidator statusValidator,
      CommentWriter commentWriter,
      IssueMonitorScheduler monitorScheduler,
      ReviewStageRules stageRules,
      IssueWakeRules wakeRules,
      RunFinisher runFinisher) {
    this.server = server;
    this.accessControl = accessControl;
    this.statusValidator = statusValidator;
    this.commentWriter = commentWriter;
    this.monitorScheduler = monitorScheduler;
    this.stageRules = stageRules;
    this.wakeRules = wakeRules;
    this.runFinisher = runFinisher;
  }

  void routes(Router router) {
    router.routeAsync("PATCH", "/api/issues/:issue", this::update);
  }

  private Future<ServerResponse> update(ApiCall apiCall) {
    ObjectNode body = apiCall.validateBody()
        .optionalChoice("status", IssueStatus.WIRE_NAMES)
        .optionalChoice("priority", IssueCreationRoutes.PRIORITIES)
        .optionalUuid("assigneeAgentId")
        .optionalText("comment")
        .optionalUuids("blockedByIssueIds")
        .orThrow();
    IssueEntity issueEntity = accessControl.findIssue(apiCall);
    accessControl.rejectSpoofedUser(apiCall);
    accessControl.requireWritable(apiCall, issueEntity, true);
    String comment = JsonNodes.text(body, "comment");
    if (body.path("resume").asBoolean(false) && comment == null) {
      throw ApiException.badRequest("Follow-up intent requires a comment");
    }
    if (changesWorkFields(body)) {
      accessControl.countCrossIssueWrite(apiCall, issueEntity);
    }
    if (comment != null) {
      accessControl.rejectIfPaused(apiCall, issueEntity);
      accessControl.countCrossIssueWrite(apiCall, issueEntity);
    }
    if (body.path("interrupt").asBoolean(false) && apiCall.agentId() != null) {
      throw ApiException.forbidden("Only board users can interrupt active runs from issue comments");
    }
    Optional<IssueStatus> next = reopening(
        apiCall, issueEntity, body, comment,
        Optional.ofNullable(JsonNodes.text(body, "status")).flatMap(IssueStatus::of));
    checkAssignee(issueEntity, body);
    Optional<ReviewStageRules.StageTransition> move = stageRules.transitionFor(apiCall, issueEntity, body, next);
    if (move.isEmpty()) {
      statusValidator.validate(apiCall, issueEntity, body, next);
    }
    if (body.path("blockedByIssueIds").isArray()) {
      statusValidator.validateBlockers(issueEntity, body.path("blockedByIssueIds"));
    }
    ObjectNode meant = move.map(each -> each.applyTo(body)).orElse(body);
    Optional<IssueStatus> status = move.map(ReviewStageRules.StageTransition::status).or(() -> next);
    return stopRuns(issueEntity, meant, status)
        .map(stopped -> commit(apiCall, issueEntity, meant, comment, status, move));
  }

  private static boolean changesWorkFields(ObjectNode body) {
    return WORK_FIELDS.stream().anyMatch(body::has);
  }

  /** A comment of the board moves a closed or blocked issue of an agent to todo. */
  private Optional<IssueStatus> reopening(
      ApiCall apiCall, IssueEntity issueEntity, ObjectNode body, @Nullable String comment,
      Optional<IssueStatus> wished) {
    boolean byBoard = apiCall.agentId() == null;
    boolean resting = issueEntity.status().isClosed() || issueEntity.status() == IssueStatus.BLOCKED;
    if (wished.isEmpty() && comment != null && byBoard && resting && issueEntity.assigneeAgentId != null
        && body.path("blockedByIssueIds").isEmpty() && server.unresolvedBlockers(issueEntity).isEmpty()) {
      return Optional.of(IssueStatus.TODO);
    }
    return wished;
  }

  private void checkAssignee(IssueEntity issueEntity, ObjectNode body) {
    String assignee = JsonNodes.text(body, "assigneeAgentId");
    if (assignee != null && server.findAgent(assignee, issueEntity.companyId).isEmpty()) {
      throw ApiException.notFound("Agent not found");
    }
  }

  /** Stops the live run of the issue before a change of the assignee or a cancellation. */
  private Future<Void> stopRuns(IssueEntity issueEntity, ObjectNode body, Optional<IssueStatus> next) {
    boolean leaves = issueEntity.assigneeAgentId != null && assigneeChanges(issueEntity, body);
    boolean cancels = next
        .filter(issueStatus -> issueStatus == IssueStatus.CANCELLED && issueEntity.status() != issueStatus).isPresent();
    if (!leaves && !cancels) {
      return Future.succeededFuture();
    }
    Optional<RunEntity> run = server
        .findRun(issueEntity.executionRunId)
        .filter(RunEntity::isLive)
        .or(
            () -> server
                .liveRuns(each -> issueEntity.id.equals(JsonNodes.text(each.context, "issueId")))
                .filter(each -> issueEntity.isAssignedTo(each.agentId))
                .findFirst());
    if (run.isEmpty()) {
      return Future.succeededFuture();
    }
    return leaves
        ? runFinisher.stop(run.get(), "Cancelled before issue reassignment", "issue_reassigned")
        : runFinisher.stop(run.get(), "Cancelled because the issue was cancelled", "issue_cancelled");
  }

  private static boolean assigneeChanges(IssueEntity issueEntity, ObjectNode body) {
    return !Objects.equals(nextAgent(issueEntity, body), issueEntity.assigneeAgentId)
        || !Objects.equals(nextUser(issueEntity, body), issueEntity.assigneeUserId);
  }

  private static @Nullable String nextAgent(IssueEntity issueEntity, ObjectNode body) {
    return body.has("assigneeAgentId") ? JsonNodes.text(body, "assigneeAgentId") : issueEntity.assigneeAgentId;
  }

  private static @Nullable String nextUser(IssueEntity issueEntity, ObjectNode body) {
    return body.has("assigneeUserId") ? JsonNodes.text(body, "assigneeUserId") : issueEntity.assigneeUserId;
  }

  private ServerResponse commit(
      ApiCall apiCall, IssueEntity issueEntity, ObjectNode body, @Nullable String comment, Optional<IssueStatus> next,
      Optional<ReviewStageRules.StageTransition> move) {
    if (nextAgent(issueEntity, body) != null && nextUser(issueEntity, body) != null) {
      // checked only here, after the run was stopped
      throw ApiException.unprocessable("Issue can only have one assignee");
    }
    IssueSnapshot before = IssueSnapshot.of(issueEntity);
    ObjectNode stateBefore = issueEntity.executionState;
    JsonNode rowBefore = row(issueEntity, body);
    Instant now = server.now();
    boolean moves = next.filter(issueStatus -> issueStatus != issueEntity.status()).isPresent();
    String agent = nextAgent(issueEntity, body);
    String user = nextUser(issueEntity, body);
    boolean reassigned = assigneeChanges(issueEntity, body);
    next.ifPresent(issueStatus -> issueEntity.moveTo(issueStatus, now));
    issueEntity.assigneeAgentId = agent;
    issueEntity.assigneeUserId = user;
    if (reassigned) {
      issueEntity.unlock();
    }
    move.ifPresent(each -> issueEntity.executionState = each.state());
    applyFields(issueEntity, body, moves);
    monitorScheduler.applyPolicy(issueEntity, body, apiCall, moves);
    if (changesWorkFields(body)) {
      clearRecovery(issueEntity, body);
    }
    issueEntity.touch(now);
    CommentEntity added = null;
    if (comment != null) {
      String reason = IssueAccessControl.authorizationReason(apiCall, issueEntity, "allow_visible_issue_write");
      if (before.assigneeAgentId() != null && before.assigneeAgentId().equals(apiCall.agentId())) {
        reason = "allow_self";
      }
      added = commentWriter.add(issueEntity, apiCall.actor(), comment, null, reason);
    }
    server.recordProgress(apiCall.runId(), issueEntity);
    ObjectNode changes = IssueJsonRenderer.renderChanges(rowBefore, row(issueEntity, body));
    ObjectNode answer = renderResponse(apiCall, issueEntity, body, changes, Optional.ofNullable(added));
    wakeRules.wakeAfterUpdate(
        issueEntity, before, apiCall.actor(), Optional.ofNullable(added),
        ReviewStageRules.stageWake(issueEntity, stateBefore, apiCall.actor()));
    return wantsMinimalResponse(apiCall)
        ? ServerResponse.ok(answer).withHeader("preference-applied", "return=minimal")
        : ServerResponse.ok(answer);
  }

  private static ObjectNode row(IssueEntity issueEntity, ObjectNode body) {
    ObjectNode row = IssueJsonRenderer.render(issueEntity);
    if (body.path("blockedByIssueIds").isArray()) {
      row.set("blockedByIssueIds", JsonNodes.array(issueEntity.blockedBy));
    }
    return row;
  }

  private static void applyFields(IssueEntity issueEntity, ObjectNode body, boolean moves) {
    if (body.hasNonNull("title")) {
      issueEntity.title = body.path("title").asText();
    }
    if (body.has("description")) {
      issueEntity.description = JsonNodes.text(body, "description");
    }
    if (body.hasNonNull("priority")) {
      issueEntity.priority = body.path("priority").asText();
    }
    if (body.has("goalId")) {
      issueEntity.goalId = JsonNodes.text(body, "goalId");
    }
    if (body.has("projectId")) {
      issueEntity.projectId = JsonNodes.text(body, "projectId");
    }
    if (body.has("parentId")) {
      issueEntity.parentId = JsonNodes.text(body, "parentId");
    }
    if (body.has("billingCode")) {
      issueEntity.billingCode = JsonNodes.text(body, "billingCode");
    }
    if (body.path("blockedByIssueIds").isArray()) {
      issueEntity.blockedBy = JsonNodes.texts(body.path("blockedByIssueIds"));
    }
    if (body.has("unblockDescriptor")) {
      ObjectNode descriptor = body.get("unblockDescriptor") instanceof ObjectNode object ? object.deepCopy() : null;
      if (!moves && !Objects.equals(descriptor, issueEntity.unblockDescriptor)) {
        issueEntity.statusVersion++;
      }
      issueEntity.unblockDescriptor = descriptor;
    }
  }

  /** Clears the handoff and a resolved recovery when the update has one of the recovery fields. */
  private void clearRecovery(IssueEntity issueEntity, ObjectNode body) {
    if (RECOVERY_FIELDS.stream().anyMatch(body::has)) {
      issueEntity.handoff = null;
      IssueRecoveryRules.clearIfResolved(server, issueEntity);
    }
  }

  private ObjectNode renderResponse(ApiCall apiCall, IssueEntity issueEntity, ObjectNode body, ObjectNode changes,
      Optional<CommentEntity> comment) {
    JsonNode commentJson = comment.map(each -> (JsonNode) each.toJson()).orElseGet(() -> JsonNodes.copyOrNull(null));
    if (wantsMinimalResponse(apiCall)) {
      ObjectNode answer = JsonNodes.object().put("id", issueEntity.id).put("identifier", issueEntity.identifier);
      answer.put("updatedAt", JsonNodes.time(issueEntity.updatedAt)).set("changes", changes);
      answer.set("comment", commentJson);
      return answer;
    }
    ObjectNode answer = row(issueEntity, body);
    answer.set("changes", changes);
    if (body.path("blockedByIssueIds").isArray()) {
      answer.set("blockedBy", IssueJsonRenderer.renderRelated(server.blockers(issueEntity)));
    }
    answer.set("comment", commentJson);
    return answer;
  }

  private static boolean wantsMinimalResponse(ApiCall apiCall) {
    String prefer = apiCall.request().headerValue("prefer");
    return prefer != null && prefer.toLowerCase(Locale.ROOT).contains("return=minimal");
  }
}
