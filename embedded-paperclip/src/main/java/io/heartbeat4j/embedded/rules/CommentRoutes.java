package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Routes of the comments of an issue. */
final class CommentRoutes {

  private static final int MAX_PAGE_SIZE = 500;

  private final ServerState server;
  private final IssueAccessControl accessControl;
  private final CommentWriter commentWriter;
  private final IssueWakeRules wakeRules;

  CommentRoutes(ServerState server, IssueAccessControl accessControl, CommentWriter commentWriter,
      IssueWakeRules wakeRules) {
    this.server = server;
    this.accessControl = accessControl;
    this.commentWriter = commentWriter;
    this.wakeRules = wakeRules;
  }

  void routes(Router router) {
    router.route("GET", "/api/issues/:issue/comments", this::list);
    router.route("POST", "/api/issues/:issue/comments", this::create);
    router.route("GET", "/api/issues/:issue/comments/:comment", this::get);
    router.route("GET", "/api/issues/:issue/queued-comments", this::listQueued);
  }

  private ServerResponse list(ApiCall apiCall) {
    IssueEntity issueEntity = accessControl.findIssue(apiCall);
    boolean ascending = "asc".equals(apiCall.query("order"));
    List<CommentEntity> comments = new ArrayList<>(issueEntity.comments);
    String after = apiCall.query("after");
    if (after != null) {
      comments = afterAnchor(issueEntity, after, ascending);
    }
    if (!ascending) {
      Collections.reverse(comments);
    }
    int limit = limit(apiCall.query("limit"));
    ArrayNode answer = JsonNodes.array();
    comments.stream().limit(limit).forEach(commentEntity -> answer.add(commentEntity.toJson()));
    return CacheableResponse.of(answer);
  }

  /**
   * The comments after the anchor: newer ones when ascending, older ones when descending. The time of the anchor is
   * truncated to milliseconds, so the ascending list includes the anchor.
   */
  private static List<CommentEntity> afterAnchor(IssueEntity issueEntity, String anchorId, boolean ascending) {
    Optional<CommentEntity> anchor = issueEntity.comments.stream()
        .filter(commentEntity -> commentEntity.id().equals(anchorId)).findFirst();
    if (anchor.isEmpty()) {
      return new ArrayList<>();
    }
    Instant millis = anchor.get().createdAt().truncatedTo(ChronoUnit.MILLIS);
    return new ArrayList<>(
        issueEntity.comments.stream()
            .filter(commentEntity -> ascending ? commentEntity.createdAt().isAfter(millis)
                : commentEntity.createdAt().isBefore(millis))
            .toList());
  }

  private static int limit(@Nullable String text) {
    if (text == null || !text.matches("[0-9]{1,9}") || Integer.parseInt(text) == 0) {
      return Integer.MAX_VALUE;
    }
    return Math.min(MAX_PAGE_SIZE, Integer.parseInt(text));
  }

  private ServerResponse get(ApiCall apiCall) {
    IssueEntity issueEntity = accessControl.findIssue(apiCall);
    return issueEntity.comments.stream()
        .filter(commentEntity -> commentEntity.id().equals(apiCall.param("comment")))
        .findFirst()
        .map(commentEntity -> CacheableResponse.of(commentEntity.toJson()))
        .orElseThrow(() -> ApiException.notFound("Comment not found"));
  }

  private ServerResponse create(ApiCall apiCall) {
    ObjectNode body = apiCall.validateBody().text("body").optionalUuid("clientRequestId").orThrow();
    IssueEntity issueEntity = accessControl.findIssue(apiCall);
    accessControl.rejectSpoofedUser(apiCall);
    accessControl.countCrossIssueWrite(apiCall, issueEntity);
    accessControl.rejectIfPaused(apiCall, issueEntity);
    String text = body.path("body").asText();
    String clientRequestId = apiCall.agentId() == null ? JsonNodes.text(body, "clientRequestId") : null;
    Optional<CommentEntity> replay = commentWriter.findDuplicate(issueEntity, apiCall.actor(), text, clientRequestId);
    if (replay.isPresent()) {
      return ServerResponse.of(201, replay.get().toJson());
    }
    IssueStatus reopenedFrom = shouldReopen(apiCall, issueEntity) ? issueEntity.status() : null;
    if (reopenedFrom != null) {
      issueEntity.moveTo(IssueStatus.TODO, server.now());
    }
    String reason = IssueAccessControl.authorizationReason(apiCall, issueEntity,
        issueEntity.assigneeAgentId == null ? "allow_company_agent" : "allow_visible_issue_write");
    CommentEntity commentEntity = commentWriter.add(issueEntity, apiCall.actor(), text, clientRequestId, reason);
    issueEntity.touch(commentEntity.createdAt());
    wakeRules.wakeAfterComment(issueEntity, apiCall.actor(), commentEntity, reopenedFrom);
    return ServerResponse.of(201, commentEntity.toJson());
  }

  private boolean shouldReopen(ApiCall apiCall, IssueEntity issueEntity) {
    boolean rests = issueEntity.status().isClosed() || issueEntity.status() == IssueStatus.BLOCKED;
    return apiCall.agentId() == null
        && rests
        && issueEntity.assigneeAgentId != null
        && server.unresolvedBlockers(issueEntity).isEmpty();
  }

  private ServerResponse listQueued(ApiCall apiCall) {
    IssueEntity issueEntity = accessControl.findIssue(apiCall);
    ArrayNode answer = JsonNodes.array();
    for (DeferredWake wake : server.deferredWakes) {
      if (wake.issueId.equals(issueEntity.id)) {
        issueEntity.wakeComments(wake.context).forEach(commentEntity -> answer.add(commentEntity.toJson()));
      }
    }
    return ServerResponse.ok(answer);
  }
}
