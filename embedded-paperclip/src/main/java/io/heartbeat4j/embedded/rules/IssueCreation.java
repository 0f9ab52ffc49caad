package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Creates issues and subtasks, and finds again what was created twice. */
final class IssueCreation {

  static final List<String> PRIORITIES = List.of("critical", "high", "medium", "low");
  private static final Duration DUPLICATE_WINDOW = Duration.ofHours(48);

  private final World world;
  private final IssueAccess access;
  private final AfterWrite afterWrite;
  private final Stages stages;

  IssueCreation(World world, IssueAccess access, AfterWrite afterWrite, Stages stages) {
    this.world = world;
    this.access = access;
    this.afterWrite = afterWrite;
    this.stages = stages;
  }

  void routes(Router router) {
    router.on("POST", "/api/companies/:company/issues", this::create);
    router.on("POST", "/api/issues/:issue/children", this::createChild);
  }

  private Response create(Call call) {
    ObjectNode body = checked(call);
    Company company = world.companies.get(call.param("company"));
    call.requireCompany(call.param("company"));
    if (company == null) {
      throw Refusal.notFound("Company not found");
    }
    return create(call, company, body);
  }

  private Response createChild(Call call) {
    ObjectNode body = checked(call);
    Issue parent = access.issue(call);
    ObjectNode child = body.deepCopy().put("parentId", parent.id);
    Company company = world.companies.get(parent.companyId);
    if (company == null) {
      throw Refusal.notFound("Company not found");
    }
    Response response = create(call, company, child);
    if (body.path("blockParentUntilDone").asBoolean(false)) {
      String childId = response.body().path("id").asText();
      if (!parent.blockedBy.contains(childId)) {
        parent.blockedBy.add(childId);
      }
    }
    return response;
  }

  private static ObjectNode checked(Call call) {
    return call.check()
        .text("title")
        .optionalUuid("parentId")
        .optionalUuid("goalId")
        .optionalUuid("projectId")
        .optionalUuid("assigneeAgentId")
        .optionalChoice("status", Status.WIRE)
        .optionalChoice("priority", PRIORITIES)
        .optionalUuids("blockedByIssueIds")
        .orRefuse();
  }

  private Response create(Call call, Company company, ObjectNode body) {
    Issue parent = parent(call, company, body);
    String assignee = Json.text(body, "assigneeAgentId");
    if (assignee != null && world.agentOf(assignee).filter(agent -> agent.companyId.equals(company.id)).isEmpty()) {
      throw Refusal.notFound("Agent not found");
    }
    Optional<Response> duplicate = duplicate(company, parent, body);
    if (duplicate.isPresent()) {
      return duplicate.get();
    }
    Issue issue = build(call, company, parent, assignee, body);
    world.add(issue);
    world.run(call.runId()).ifPresent(run -> {
      run.productive = true;
    });
    afterWrite.created(issue, call.actor());
    ObjectNode answer = IssueJson.row(issue);
    answer.set("blockedBy", IssueJson.related(issue.blockedBy.stream().map(world.issues::get).toList()));
    answer.putArray("blocks");
    return Response.of(201, answer);
  }

  private @Nullable Issue parent(Call call, Company company, ObjectNode body) {
    String parentId = Json.text(body, "parentId");
    if (parentId == null) {
      return null;
    }
    Issue parent = world.issues.get(parentId);
    if (parent == null || !parent.companyId.equals(company.id)) {
      boolean byBoard = call.agentId() == null;
      throw Refusal.notFound(byBoard ? "Workspace inheritance issue not found" : "Parent issue not found");
    }
    return parent;
  }

  private Issue build(Call call, Company company, @Nullable Issue parent, @Nullable String assignee, ObjectNode body) {
    String assigneeUser = Json.text(body, "assigneeUserId");
    boolean assigned = assignee != null || assigneeUser != null;
    String wished = Json.text(body, "status");
    Status status =
        wished == null ? (assigned ? Status.TODO : Status.BACKLOG) : Status.of(wished).orElse(Status.BACKLOG);
    if (status == Status.IN_PROGRESS && !assigned) {
      throw Refusal.unprocessable("in_progress issues require an assignee");
    }
    List<String> blockers = new ArrayList<>();
    body.path("blockedByIssueIds").forEach(id -> blockers.add(id.asText()));
    for (String blocker : blockers) {
      if (!world.issues.containsKey(blocker)) {
        throw Refusal.unprocessable("Blocked-by issues must belong to the same company");
      }
    }
    Issue issue = new Issue(world.ids.next(), company, body.path("title").asText(), status, world.now());
    issue.blockedBy = blockers;
    issue.description = Json.text(body, "description");
    issue.priority = body.path("priority").asText("medium");
    issue.assigneeAgentId = assignee;
    issue.assigneeUserId = assigneeUser;
    if (body.get("executionPolicy") instanceof ObjectNode policy) {
      issue.executionPolicy = stages.normal(policy);
    }
    issue.billingCode = Json.text(body, "billingCode");
    issue.idempotencyKey = Json.text(body, "idempotencyKey");
    issue.parentId = parent == null ? null : parent.id;
    Optional<Issue> origin = world.run(call.runId()).map(Run::issueId).map(world::findIssue);
    issue.projectId = firstOf(Json.text(body, "projectId"), parent == null ? null : parent.projectId);
    if (issue.projectId == null && parent == null) {
      issue.projectId = origin.map(each -> each.projectId).orElse(null);
    }
    issue.goalId = goal(company, issue.projectId, Json.text(body, "goalId"));
    issue.createdByAgentId = call.agentId();
    issue.createdByUserId = call.agentId() == null ? Actor.BOARD_USER : null;
    issue.originRunId = call.runId();
    return issue;
  }

  /** The goal that was named, or the project's, or without a project the company's; never the parent's. */
  private @Nullable String goal(Company company, @Nullable String projectId, @Nullable String wished) {
    if (wished != null) {
      return wished;
    }
    if (projectId != null) {
      Project project = world.projects.get(projectId);
      return project == null || project.goals().isEmpty() ? null : project.goals().get(0).id();
    }
    return world.goals.values().stream()
        .filter(goal -> goal.companyId().equals(company.id) && goal.level().equals("company"))
        .min(Comparator.comparing((Goal goal) -> goal.parentId() != null).thenComparing(goal -> !goal.status().equals("active")))
        .map(Goal::id)
        .orElse(null);
  }

  private Optional<Response> duplicate(Company company, @Nullable Issue parent, ObjectNode body) {
    String key = Json.text(body, "idempotencyKey");
    String parentId = parent == null ? null : parent.id;
    if (key != null) {
      Optional<Issue> same =
          ofCompany(company).stream().filter(issue -> key.equals(issue.idempotencyKey)).findFirst();
      if (same.isPresent()) {
        return Optional.of(replay(same.get(), "idempotency_key"));
      }
    }
    if (body.path("allowDuplicate").asBoolean(false)) {
      return Optional.empty();
    }
    String title = normal(body.path("title").asText());
    Instant since = world.time.now().minus(DUPLICATE_WINDOW);
    return ofCompany(company).stream()
        .filter(issue -> java.util.Objects.equals(issue.parentId, parentId))
        .filter(issue -> !issue.status().closed() && issue.createdAt.isAfter(since))
        .filter(issue -> normal(issue.title).equals(title))
        .findFirst()
        .map(issue -> replay(issue, "recent_open_title"));
  }

  private List<Issue> ofCompany(Company company) {
    return world.issues.values().stream().filter(issue -> issue.companyId.equals(company.id)).toList();
  }

  private static Response replay(Issue issue, String reason) {
    return Response.ok(IssueJson.row(issue).put("deduplicated", true).put("deduplicationReason", reason));
  }

  private static String normal(String title) {
    return title.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
  }

  private static @Nullable String firstOf(@Nullable String first, @Nullable String second) {
    return first != null ? first : second;
  }
}
