package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
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

/** Routes that list the issues of a company and the inbox of an agent. */
final class IssueListRoutes {

  private static final int DEFAULT_LIMIT = 500;
  private static final int MAX_LIMIT = 1000;
  private static final Duration COMPACT_LIST_LIFE = Duration.ofSeconds(2);
  private static final Set<IssueStatus> INBOX_STATUSES = Set.of(IssueStatus.TODO, IssueStatus.IN_PROGRESS,
      IssueStatus.BLOCKED);
  private static final List<String> COMPACT_FIELDS = List.of(
      "id", "companyId", "projectId", "projectWorkspaceId", "goalId", "parentId", "title", "description", "status",
      "workMode", "priority", "reviewPolicy", "assigneeAgentId", "assigneeUserId", "checkoutRunId", "executionRunId",
      "executionAgentNameKey", "executionLockedAt", "executionWorkspaceId", "createdByAgentId", "createdByUserId",
      "issueNumber", "identifier", "originKind", "originId", "originRunId", "requestDepth", "billingCode",
      "startedAt", "completedAt", "cancelledAt", "createdAt", "updatedAt", "labels", "labelIds", "lastActivityAt",
      "activeRecoveryAction", "successfulRunHandoff");

  /** A cached compact list; later writes do not change it before it expires. */
  private record CachedList(ArrayNode answer, Instant until) {}

  private final ServerState server;
  private final Map<String, CachedList> compactLists = new HashMap<>();

  IssueListRoutes(ServerState server) {
    this.server = server;
  }

  void routes(Router router) {
    router.route("GET", "/api/companies/:company/issues", this::list);
    router.route("GET", "/api/agents/me/inbox-lite", this::inbox);
  }

  private ServerResponse list(ApiCall apiCall) {
    String companyId = apiCall.param("company");
    apiCall.requireCompany(companyId);
    if (!"compact".equals(apiCall.query("view"))) {
      return ServerResponse.ok(rows(apiCall, this::renderFull)).withHeader("x-paperclip-request-cache", "miss");
    }
    String key = apiCall.agentId() + " " + companyId + " " + new TreeMap<>(apiCall.request().query());
    CachedList cachedList = compactLists.get(key);
    boolean hit = cachedList != null && server.scheduler.now().isBefore(cachedList.until);
    ArrayNode answer = hit && cachedList != null ? cachedList.answer : rows(apiCall, this::renderCompact);
    if (!hit) {
      compactLists.put(key, new CachedList(answer, server.scheduler.now().plus(COMPACT_LIST_LIFE)));
    }
    return withETag(apiCall, answer, hit);
  }

  private ArrayNode rows(ApiCall apiCall, Function<IssueEntity, ObjectNode> view) {
    int limit = limit(apiCall);
    List<IssueEntity> found = server.issues.values().stream()
        .filter(issueEntity -> issueEntity.companyId.equals(apiCall.param("company")))
        .filter(filter(apiCall))
        .sorted(order(apiCall))
        .toList();
    String afterId = apiCall.query("afterId");
    if (afterId != null) {
      found = found.stream().filter(issueEntity -> issueEntity.id.compareTo(afterId) > 0).toList();
    }
    ArrayNode rows = JsonNodes.array();
    found.stream().skip(offset(apiCall)).limit(limit).forEach(issueEntity -> rows.add(view.apply(issueEntity)));
    return rows;
  }

  private static int limit(ApiCall apiCall) {
    String text = apiCall.request().query().get("limit");
    if (text == null) {
      return DEFAULT_LIMIT;
    }
    if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) == 0) {
      throw ApiException.badRequest("limit must be a positive integer up to 1000");
    }
    return Math.min(MAX_LIMIT, Integer.parseInt(text));
  }

  private static long offset(ApiCall apiCall) {
    String text = apiCall.query("offset");
    if (text == null) {
      return 0;
    }
    if (!text.matches("[0-9]{1,9}")) {
      throw ApiException.badRequest("offset must be a non-negative integer");
    }
    return Long.parseLong(text);
  }

  private Predicate<IssueEntity> filter(ApiCall apiCall) {
    Predicate<IssueEntity> filter = issueEntity -> true;
    String status = apiCall.query("status");
    if (status != null) {
      List<Optional<IssueStatus>> wanted = Arrays.stream(status.split(",")).map(String::strip).map(IssueStatus::of)
          .toList();
      filter = filter.and(issueEntity -> wanted.contains(Optional.of(issueEntity.status())));
    }
    String assignee = apiCall.query("assigneeAgentId");
    if (assignee != null) {
      if (!assignee.equals("null") && !BodyValidator.isUuid(assignee)) {
        throw ApiException.unprocessable("assigneeAgentId must be a UUID or 'null'");
      }
      filter = filter.and(issueEntity -> assignee.equals(String.valueOf(issueEntity.assigneeAgentId)));
    }
    String parent = apiCall.query("parentId");
    if (parent != null) {
      filter = filter.and(issueEntity -> parent.equals(issueEntity.parentId));
    }
    String root = apiCall.query("descendantOf");
    if (root != null) {
      filter = filter
          .and(issueEntity -> server.ancestors(issueEntity).stream().anyMatch(ancestor -> ancestor.id.equals(root)));
    }
    String project = apiCall.query("projectId");
    if (project != null) {
      filter = filter.and(issueEntity -> project.equals(issueEntity.projectId));
    }
    String text = apiCall.query("q");
    if (text != null) {
      filter = filter.and(issueEntity -> mentions(issueEntity, text.toLowerCase(Locale.ROOT)));
    }
    Instant since = JsonNodes.instant(apiCall.query("updatedSince"), "updatedSince must be an ISO date");
    if (since != null) {
      filter = filter.and(issueEntity -> !issueEntity.updatedAt.isBefore(since));
    }
    return filter;
  }

  private static boolean mentions(IssueEntity issueEntity, String text) {
    String description = issueEntity.description == null ? "" : issueEntity.description;
    return (issueEntity.title + " " + description + " " + issueEntity.identifier).toLowerCase(Locale.ROOT)
        .contains(text);
  }

  private static Comparator<IssueEntity> order(ApiCall apiCall) {
    String field = apiCall.query("sortField");
    boolean ascending = "asc".equals(apiCall.query("sortDir"));
    if ("id".equals(field)) {
      Comparator<IssueEntity> byId = Comparator.comparing(issueEntity -> issueEntity.id);
      return ascending ? byId : byId.reversed();
    }
    if ("updated".equals(field)) {
      Comparator<IssueEntity> byTime = Comparator.comparing(issueEntity -> issueEntity.updatedAt);
      return ascending ? byTime : byTime.reversed();
    }
    return Comparator
        .comparingInt((IssueEntity issueEntity) -> IssueCreationRoutes.PRIORITIES.indexOf(issueEntity.priority))
        .thenComparing(issueEntity -> issueEntity.lastActivityAt, Comparator.reverseOrder())
        .thenComparing(issueEntity -> issueEntity.updatedAt, Comparator.reverseOrder())
        .thenComparing(issueEntity -> issueEntity.id, Comparator.reverseOrder());
  }

  private ObjectNode renderFull(IssueEntity issueEntity) {
    ObjectNode json = IssueJsonRenderer.render(issueEntity);
    json.put("descriptionTruncated", false);
    json.set("activeRun", activeRun(issueEntity));
    json.set("activeRecoveryAction", JsonNodes.copyOrNull(issueEntity.recoveryAction));
    json.set("successfulRunHandoff", JsonNodes.copyOrNull(issueEntity.handoff));
    return json.put("lastActivityAt", JsonNodes.time(issueEntity.lastActivityAt));
  }

  private ObjectNode renderCompact(IssueEntity issueEntity) {
    return renderFull(issueEntity).retain(COMPACT_FIELDS);
  }

  private com.fasterxml.jackson.databind.JsonNode activeRun(IssueEntity issueEntity) {
    return server
        .findRun(issueEntity.executionRunId)
        .filter(RunEntity::isLive)
        .map(runEntity -> (com.fasterxml.jackson.databind.JsonNode) RunJsonRenderer.renderActive(runEntity))
        .orElseGet(() -> JsonNodes.copyOrNull(null));
  }

  private static ServerResponse withETag(ApiCall apiCall, ArrayNode answer, boolean hit) {
    String tag = "\"compact-issues:" + digest(JsonNodes.write(answer)) + "\"";
    boolean known = tag.equals(apiCall.request().headerValue("if-none-match"));
    ServerResponse serverResponse = known ? ServerResponse.empty(304) : ServerResponse.ok(answer);
    return serverResponse
        .withHeader("etag", tag)
        .withHeader("cache-control", "private, must-revalidate")
        .withHeader("x-paperclip-request-cache", hit ? "hit" : "miss");
  }

  private static String digest(String text) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private ServerResponse inbox(ApiCall apiCall) {
    AgentEntity agentEntity = apiCall.requireAgent().agent();
    ArrayNode answer = JsonNodes.array();
    server.issues.values().stream()
        .filter(
            issueEntity -> issueEntity.isAssignedTo(agentEntity.id) && INBOX_STATUSES.contains(issueEntity.status()))
        .sorted(order(apiCall))
        .forEach(issueEntity -> answer.add(renderInboxItem(issueEntity)));
    return ServerResponse.ok(answer);
  }

  private ObjectNode renderInboxItem(IssueEntity issueEntity) {
    ObjectNode json = JsonNodes.object();
    json.put("id", issueEntity.id).put("identifier", issueEntity.identifier).put("title", issueEntity.title);
    json.put("status", issueEntity.status().wireName()).put("priority", issueEntity.priority).put("projectId",
        issueEntity.projectId);
    json.put("goalId", issueEntity.goalId).put("parentId", issueEntity.parentId).put("updatedAt",
        JsonNodes.time(issueEntity.updatedAt));
    json.set("activeRun", activeRun(issueEntity));
    json.set("activeRecoveryAction", JsonNodes.copyOrNull(issueEntity.recoveryAction));
    List<String> blockers = server.unresolvedBlockers(issueEntity).stream().map(blocker -> blocker.id)
        .collect(Collectors.toList());
    json.put("dependencyReady", blockers.isEmpty()).put("unresolvedBlockerCount", blockers.size());
    json.set("unresolvedBlockerIssueIds", JsonNodes.array(blockers));
    return json;
  }
}
