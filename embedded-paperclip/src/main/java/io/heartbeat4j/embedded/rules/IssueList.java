package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Lists the issues of a company, and an agent's own inbox. */
final class IssueList {

  private static final int DEFAULT_LIMIT = 500;
  private static final int MOST = 1000;
  private static final Set<Status> INBOX = Set.of(Status.TODO, Status.IN_PROGRESS, Status.BLOCKED);
  private static final List<String> COMPACT =
      List.of(
          "id", "companyId", "projectId", "projectWorkspaceId", "goalId", "parentId", "title", "description", "status",
          "workMode", "priority", "reviewPolicy", "assigneeAgentId", "assigneeUserId", "checkoutRunId", "executionRunId",
          "executionAgentNameKey", "executionLockedAt", "executionWorkspaceId", "createdByAgentId", "createdByUserId",
          "issueNumber", "identifier", "originKind", "originId", "originRunId", "requestDepth", "billingCode",
          "startedAt", "completedAt", "cancelledAt", "createdAt", "updatedAt", "labels", "labelIds", "lastActivityAt",
          "activeRecoveryAction", "successfulRunHandoff");

  /** A compact list that is answered again for a while, whatever happens. */
  private record Kept(ArrayNode answer, Instant until) {}

  private final World world;
  private final Map<String, Kept> compactLists = new HashMap<>();

  IssueList(World world) {
    this.world = world;
  }

  void routes(Router router) {
    router.on("GET", "/api/companies/:company/issues", this::list);
    router.on("GET", "/api/agents/me/inbox-lite", this::inbox);
  }

  private Response list(Call call) {
    String companyId = call.param("company");
    call.requireCompany(companyId);
    if (!"compact".equals(call.query("view"))) {
      return Response.ok(rows(call, this::full)).header("x-paperclip-request-cache", "miss");
    }
    String key = call.agentId() + " " + companyId + " " + new TreeMap<>(call.request().query());
    Kept kept = compactLists.get(key);
    boolean hit = kept != null && world.time.now().isBefore(kept.until);
    ArrayNode answer = hit && kept != null ? kept.answer : rows(call, this::compact);
    if (!hit) {
      compactLists.put(key, new Kept(answer, world.time.now().plus(world.options.compactListLife())));
    }
    return revalidated(call, answer, hit);
  }

  private ArrayNode rows(Call call, Function<Issue, ObjectNode> view) {
    int limit = limit(call);
    List<Issue> found =
        world.issues.values().stream()
            .filter(issue -> issue.companyId.equals(call.param("company")))
            .filter(filter(call))
            .sorted(order(call))
            .toList();
    String afterId = call.query("afterId");
    if (afterId != null) {
      found = found.stream().filter(issue -> issue.id.compareTo(afterId) > 0).toList();
    }
    ArrayNode rows = Json.array();
    found.stream().skip(offset(call)).limit(limit).forEach(issue -> rows.add(view.apply(issue)));
    return rows;
  }

  private static int limit(Call call) {
    String text = call.request().query().get("limit");
    if (text == null) {
      return DEFAULT_LIMIT;
    }
    if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) == 0) {
      throw Refusal.badRequest("limit must be a positive integer up to 1000");
    }
    return Math.min(MOST, Integer.parseInt(text));
  }

  private static long offset(Call call) {
    String text = call.query("offset");
    if (text == null) {
      return 0;
    }
    if (!text.matches("[0-9]{1,9}")) {
      throw Refusal.badRequest("offset must be a non-negative integer");
    }
    return Long.parseLong(text);
  }

  private Predicate<Issue> filter(Call call) {
    Predicate<Issue> filter = issue -> true;
    String status = call.query("status");
    if (status != null) {
      List<Optional<Status>> wanted = Arrays.stream(status.split(",")).map(String::strip).map(Status::of).toList();
      filter = filter.and(issue -> wanted.contains(Optional.of(issue.status())));
    }
    String assignee = call.query("assigneeAgentId");
    if (assignee != null) {
      if (!assignee.equals("null") && !BodyCheck.isUuid(assignee)) {
        throw Refusal.unprocessable("assigneeAgentId must be a UUID or 'null'");
      }
      filter = filter.and(issue -> assignee.equals(String.valueOf(issue.assigneeAgentId)));
    }
    String parent = call.query("parentId");
    if (parent != null) {
      filter = filter.and(issue -> parent.equals(issue.parentId));
    }
    String root = call.query("descendantOf");
    if (root != null) {
      filter = filter.and(issue -> world.ancestors(issue).stream().anyMatch(ancestor -> ancestor.id.equals(root)));
    }
    String project = call.query("projectId");
    if (project != null) {
      filter = filter.and(issue -> project.equals(issue.projectId));
    }
    String text = call.query("q");
    if (text != null) {
      filter = filter.and(issue -> mentions(issue, text.toLowerCase(Locale.ROOT)));
    }
    Instant since = instant(call.query("updatedSince"));
    if (since != null) {
      filter = filter.and(issue -> !issue.updatedAt.isBefore(since));
    }
    return filter;
  }

  private static boolean mentions(Issue issue, String text) {
    String description = issue.description == null ? "" : issue.description;
    return (issue.title + " " + description + " " + issue.identifier).toLowerCase(Locale.ROOT).contains(text);
  }

  private static @Nullable Instant instant(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeException wrong) {
      throw Refusal.badRequest("updatedSince must be an ISO date");
    }
  }

  private static Comparator<Issue> order(Call call) {
    String field = call.query("sortField");
    boolean ascending = "asc".equals(call.query("sortDir"));
    if ("id".equals(field)) {
      Comparator<Issue> byId = Comparator.comparing(issue -> issue.id);
      return ascending ? byId : byId.reversed();
    }
    if ("updated".equals(field)) {
      Comparator<Issue> byTime = Comparator.comparing(issue -> issue.updatedAt);
      return ascending ? byTime : byTime.reversed();
    }
    return Comparator.comparingInt((Issue issue) -> IssueCreation.PRIORITIES.indexOf(issue.priority))
        .thenComparing(issue -> issue.lastActivityAt, Comparator.reverseOrder())
        .thenComparing(issue -> issue.updatedAt, Comparator.reverseOrder())
        .thenComparing(issue -> issue.id, Comparator.reverseOrder());
  }

  private ObjectNode full(Issue issue) {
    ObjectNode json = IssueJson.row(issue);
    json.put("descriptionTruncated", false);
    json.set("activeRun", activeRun(issue));
    json.set("activeRecoveryAction", Json.copy(issue.recoveryAction));
    json.set("successfulRunHandoff", Json.copy(issue.handoff));
    return json.put("lastActivityAt", Json.time(issue.lastActivityAt));
  }

  private ObjectNode compact(Issue issue) {
    return full(issue).retain(COMPACT);
  }

  private com.fasterxml.jackson.databind.JsonNode activeRun(Issue issue) {
    return world
        .run(issue.executionRunId)
        .filter(Run::live)
        .map(run -> (com.fasterxml.jackson.databind.JsonNode) RunJson.active(run))
        .orElseGet(() -> Json.copy(null));
  }

  private static Response revalidated(Call call, ArrayNode answer, boolean hit) {
    String tag = "\"compact-issues:" + digest(Json.write(answer)) + "\"";
    boolean known = tag.equals(call.request().headerValue("if-none-match"));
    Response response = known ? Response.empty(304) : Response.ok(answer);
    return response
        .header("etag", tag)
        .header("cache-control", "private, must-revalidate")
        .header("x-paperclip-request-cache", hit ? "hit" : "miss");
  }

  private static String digest(String text) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private Response inbox(Call call) {
    Agent agent = call.requireAgent().agent();
    ArrayNode answer = Json.array();
    world.issues.values().stream()
        .filter(issue -> issue.isAssignedTo(agent.id) && INBOX.contains(issue.status()))
        .sorted(order(call))
        .forEach(issue -> answer.add(lite(issue)));
    return Response.ok(answer);
  }

  private ObjectNode lite(Issue issue) {
    ObjectNode json = Json.object();
    json.put("id", issue.id).put("identifier", issue.identifier).put("title", issue.title);
    json.put("status", issue.status().wire()).put("priority", issue.priority).put("projectId", issue.projectId);
    json.put("goalId", issue.goalId).put("parentId", issue.parentId).put("updatedAt", Json.time(issue.updatedAt));
    json.set("activeRun", activeRun(issue));
    json.set("activeRecoveryAction", Json.copy(issue.recoveryAction));
    List<String> blockers =
        world.unresolvedBlockers(issue).stream().map(blocker -> blocker.id).collect(Collectors.toList());
    json.put("dependencyReady", blockers.isEmpty()).put("unresolvedBlockerCount", blockers.size());
    json.set("unresolvedBlockerIssueIds", Json.array(blockers));
    return json;
  }
}
