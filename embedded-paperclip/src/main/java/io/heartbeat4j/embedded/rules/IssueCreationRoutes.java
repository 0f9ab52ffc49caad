package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Routes that create issues and subtasks; a duplicate returns the existing issue. */
final class IssueCreationRoutes {

  static final List<String> PRIORITIES = List.of("critical", "high", "medium", "low");
  private static final Duration DUPLICATE_WINDOW = Duration.ofDays(2);

  private final ServerState server;
  private final IssueAccessControl accessControl;
  private final IssueWakeRules wakeRules;
  private final ReviewStageRules stageRules;

  IssueCreationRoutes(ServerState server, IssueAccessControl accessControl, IssueWakeRules wakeRules,
      ReviewStageRules stageRules) {
    this.server = server;
    this.accessControl = accessControl;
    this.wakeRules = wakeRules;
    this.stageRules = stageRules;
  }

  void routes(Router router) {
    router.route("POST", "/api/companies/:company/issues", this::create);
    router.route("POST", "/api/issues/:issue/children", this::createChild);
  }

  private ServerResponse create(ApiCall apiCall) {
    ObjectNode body = validatedBody(apiCall);
    apiCall.requireCompany(apiCall.param("company"));
    return create(apiCall, apiCall.param("company"), body);
  }

  private ServerResponse createChild(ApiCall apiCall) {
    ObjectNode body = validatedBody(apiCall);
    IssueEntity parent = accessControl.findIssue(apiCall);
    ObjectNode child = body.deepCopy().put("parentId", parent.id);
    ServerResponse serverResponse = create(apiCall, parent.companyId, child);
    if (body.path("blockParentUntilDone").asBoolean(false)) {
      String childId = serverResponse.body().path("id").asText();
      if (!parent.blockedBy.contains(childId)) {
        parent.blockedBy.add(childId);
      }
    }
    return serverResponse;
  }

  private static ObjectNode validatedBody(ApiCall apiCall) {
    return apiCall.validateBody()
        .text("title")
        .optionalUuid("parentId")
        .optionalUuid("goalId")
        .optionalUuid("projectId")
        .optionalUuid("assigneeAgentId")
        .optionalChoice("status", IssueStatus.WIRE_NAMES)
        .optionalChoice("priority", PRIORITIES)
        .optionalUuids("blockedByIssueIds")
        .orThrow();
  }

  private ServerResponse create(ApiCall apiCall, String companyId, ObjectNode body) {
    CompanyEntity companyEntity = server.companies.get(companyId);
    if (companyEntity == null) {
      throw ApiException.notFound("Company not found");
    }
    IssueEntity parent = findParent(apiCall, companyEntity, body);
    String assignee = JsonNodes.text(body, "assigneeAgentId");
    if (assignee != null && server.findAgent(assignee, companyEntity.id).isEmpty()) {
      throw ApiException.notFound("Agent not found");
    }
    Optional<ServerResponse> duplicate = findDuplicate(companyEntity, parent, body);
    if (duplicate.isPresent()) {
      return duplicate.get();
    }
    IssueEntity issueEntity = buildIssue(apiCall, companyEntity, parent, assignee, body);
    server.addIssue(issueEntity);
    server.findRun(apiCall.runId()).ifPresent(runEntity -> runEntity.productive = true);
    wakeRules.wakeAfterCreation(issueEntity, apiCall.actor());
    ObjectNode answer = IssueJsonRenderer.render(issueEntity);
    answer.set("blockedBy", IssueJsonRenderer.renderRelated(server.blockers(issueEntity)));
    answer.putArray("blocks");
    return ServerResponse.of(201, answer);
  }

  private @Nullable IssueEntity findParent(ApiCall apiCall, CompanyEntity companyEntity, ObjectNode body) {
    String parentId = JsonNodes.text(body, "parentId");
    if (parentId == null) {
      return null;
    }
    IssueEntity parent = server.issues.get(parentId);
    if (parent == null || !parent.companyId.equals(companyEntity.id)) {
      boolean byBoard = apiCall.agentId() == null;
      throw ApiException.notFound(byBoard ? "Workspace inheritance issue not found" : "Parent issue not found");
    }
    return parent;
  }

  private IssueEntity buildIssue(ApiCall apiCall, CompanyEntity companyEntity, @Nullable IssueEntity parent,
      @Nullable String assignee, ObjectNode body) {
    String assigneeUser = JsonNodes.text(body, "assigneeUserId");
    boolean assigned = assignee != null || assigneeUser != null;
    String wished = JsonNodes.text(body, "status");
    IssueStatus issueStatus = wished == null ? (assigned ? IssueStatus.TODO : IssueStatus.BACKLOG)
        : IssueStatus.of(wished).orElse(IssueStatus.BACKLOG);
    if (issueStatus == IssueStatus.IN_PROGRESS && !assigned) {
      throw ApiException.unprocessable("in_progress issues require an assignee");
    }
    List<String> blockers = JsonNodes.texts(body.path("blockedByIssueIds"));
    for (String blocker : blockers) {
      if (!server.issues.containsKey(blocker)) {
        throw ApiException.unprocessable("Blocked-by issues must belong to the same company");
      }
    }
    IssueEntity issueEntity = new IssueEntity(server.idGenerator.next(), companyEntity, body.path("title").asText(),
        issueStatus, server.now());
    issueEntity.blockedBy = blockers;
    issueEntity.description = JsonNodes.text(body, "description");
    issueEntity.priority = body.path("priority").asText("medium");
    issueEntity.assigneeAgentId = assignee;
    issueEntity.assigneeUserId = assigneeUser;
    if (body.get("executionPolicy") instanceof ObjectNode policy) {
      issueEntity.executionPolicy = stageRules.normalizePolicy(policy);
    }
    issueEntity.billingCode = JsonNodes.text(body, "billingCode");
    issueEntity.idempotencyKey = JsonNodes.text(body, "idempotencyKey");
    issueEntity.parentId = parent == null ? null : parent.id;
    Optional<IssueEntity> origin = server.findRun(apiCall.runId()).map(RunEntity::issueId).map(server::findIssue);
    issueEntity.projectId = firstOf(JsonNodes.text(body, "projectId"), parent == null ? null : parent.projectId);
    if (issueEntity.projectId == null && parent == null) {
      issueEntity.projectId = origin.map(each -> each.projectId).orElse(null);
    }
    issueEntity.goalId = defaultGoal(companyEntity, issueEntity.projectId, JsonNodes.text(body, "goalId"));
    issueEntity.createdByAgentId = apiCall.agentId();
    issueEntity.createdByUserId = apiCall.agentId() == null ? RequestActor.BOARD_USER : null;
    issueEntity.originRunId = apiCall.runId();
    return issueEntity;
  }

  /** The requested goal, else that of the project, else without a project that of the company; never the parent's. */
  private @Nullable String defaultGoal(CompanyEntity companyEntity, @Nullable String projectId,
      @Nullable String wished) {
    if (wished != null) {
      return wished;
    }
    if (projectId != null) {
      ProjectEntity projectEntity = server.projects.get(projectId);
      return projectEntity == null || projectEntity.goals().isEmpty() ? null : projectEntity.goals().get(0).id();
    }
    return server.goals.values().stream()
        .filter(goalEntity -> goalEntity.companyId().equals(companyEntity.id) && goalEntity.level().equals("company"))
        .min(Comparator.comparing((GoalEntity goalEntity) -> goalEntity.parentId() != null)
            .thenComparing(goalEntity -> !goalEntity.status().equals("active")))
        .map(GoalEntity::id)
        .orElse(null);
  }

  private Optional<ServerResponse> findDuplicate(CompanyEntity companyEntity, @Nullable IssueEntity parent,
      ObjectNode body) {
    String key = JsonNodes.text(body, "idempotencyKey");
    String parentId = parent == null ? null : parent.id;
    if (key != null) {
      Optional<IssueEntity> same = issuesOf(companyEntity).stream()
          .filter(issueEntity -> key.equals(issueEntity.idempotencyKey)).findFirst();
      if (same.isPresent()) {
        return Optional.of(duplicateResponse(same.get(), "idempotency_key"));
      }
    }
    if (body.path("allowDuplicate").asBoolean(false)) {
      return Optional.empty();
    }
    String title = normalizeTitle(body.path("title").asText());
    Instant since = server.scheduler.now().minus(DUPLICATE_WINDOW);
    return issuesOf(companyEntity).stream()
        .filter(issueEntity -> java.util.Objects.equals(issueEntity.parentId, parentId))
        .filter(issueEntity -> !issueEntity.status().isClosed() && issueEntity.createdAt.isAfter(since))
        .filter(issueEntity -> normalizeTitle(issueEntity.title).equals(title))
        .findFirst()
        .map(issueEntity -> duplicateResponse(issueEntity, "recent_open_title"));
  }

  private List<IssueEntity> issuesOf(CompanyEntity companyEntity) {
    return server.issues.values().stream().filter(issueEntity -> issueEntity.companyId.equals(companyEntity.id))
        .toList();
  }

  private static ServerResponse duplicateResponse(IssueEntity issueEntity, String reason) {
    return ServerResponse
        .ok(IssueJsonRenderer.render(issueEntity).put("deduplicated", true).put("deduplicationReason", reason));
  }

  private static String normalizeTitle(String title) {
    return title.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
  }

  private static @Nullable String firstOf(@Nullable String first, @Nullable String second) {
    return first != null ? first : second;
  }
}
