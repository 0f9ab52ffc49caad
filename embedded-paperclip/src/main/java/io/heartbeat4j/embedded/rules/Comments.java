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

/** Reads and writes the comments of an issue. */
final class Comments {

  private static final int MOST = 500;

  private final World world;
  private final IssueAccess access;
  private final IssueThread thread;
  private final AfterWrite afterWrite;

  Comments(World world, IssueAccess access, IssueThread thread, AfterWrite afterWrite) {
    this.world = world;
    this.access = access;
    this.thread = thread;
    this.afterWrite = afterWrite;
  }

  void routes(Router router) {
    router.on("GET", "/api/issues/:issue/comments", this::list);
    router.on("POST", "/api/issues/:issue/comments", this::add);
    router.on("GET", "/api/issues/:issue/comments/:comment", this::one);
    router.on("GET", "/api/issues/:issue/queued-comments", this::queued);
  }

  private Response list(Call call) {
    Issue issue = access.issue(call);
    boolean ascending = "asc".equals(call.query("order"));
    List<Comment> comments = new ArrayList<>(issue.comments);
    String after = call.query("after");
    if (after != null) {
      comments = beyond(issue, after, ascending);
    }
    if (!ascending) {
      Collections.reverse(comments);
    }
    int limit = limit(call.query("limit"));
    ArrayNode answer = Json.array();
    comments.stream().limit(limit).forEach(comment -> answer.add(comment.toJson()));
    return Reads.cacheable(answer);
  }

  /**
   * Newer comments in ascending order, older ones in descending. The anchor's time is taken in milliseconds
   * and compared with microseconds, so that the anchor itself counts as newer than itself.
   */
  private static List<Comment> beyond(Issue issue, String anchorId, boolean ascending) {
    Optional<Comment> anchor = issue.comments.stream().filter(comment -> comment.id().equals(anchorId)).findFirst();
    if (anchor.isEmpty()) {
      return new ArrayList<>();
    }
    Instant millis = anchor.get().createdAt().truncatedTo(ChronoUnit.MILLIS);
    return new ArrayList<>(
        issue.comments.stream()
            .filter(comment -> ascending ? comment.createdAt().isAfter(millis) : comment.createdAt().isBefore(millis))
            .toList());
  }

  private static int limit(@Nullable String text) {
    if (text == null || !text.matches("[0-9]{1,9}") || Integer.parseInt(text) == 0) {
      return Integer.MAX_VALUE;
    }
    return Math.min(MOST, Integer.parseInt(text));
  }

  private Response one(Call call) {
    Issue issue = access.issue(call);
    return issue.comments.stream()
        .filter(comment -> comment.id().equals(call.param("comment")))
        .findFirst()
        .map(comment -> Reads.cacheable(comment.toJson()))
        .orElseThrow(() -> Refusal.notFound("Comment not found"));
  }

  private Response add(Call call) {
    ObjectNode body = call.check().text("body").optionalUuid("clientRequestId").orRefuse();
    Issue issue = access.issue(call);
    access.refuseSpoof(call);
    access.influence(call, issue);
    access.refusePaused(call, issue);
    String text = body.path("body").asText();
    String clientRequestId = call.agentId() == null ? Json.text(body, "clientRequestId") : null;
    Optional<Comment> replay = thread.replay(issue, call.actor(), text, clientRequestId);
    if (replay.isPresent()) {
      return Response.of(201, replay.get().toJson());
    }
    Status reopenedFrom = reopens(call, issue) ? issue.status() : null;
    if (reopenedFrom != null) {
      issue.moveTo(Status.TODO, world.now());
    }
    String reason = IssueAccess.reason(call, issue, issue.assigneeAgentId == null ? "allow_company_agent" : "allow_visible_issue_write");
    Comment comment = thread.add(issue, call.actor(), text, clientRequestId, reason);
    issue.touch(comment.createdAt());
    afterWrite.commented(issue, call.actor(), comment, reopenedFrom);
    return Response.of(201, comment.toJson());
  }

  private boolean reopens(Call call, Issue issue) {
    boolean rests = issue.status().closed() || issue.status() == Status.BLOCKED;
    return call.agentId() == null
        && rests
        && issue.assigneeAgentId != null
        && world.unresolvedBlockers(issue).isEmpty();
  }

  private Response queued(Call call) {
    Issue issue = access.issue(call);
    ArrayNode answer = Json.array();
    for (DeferredWake wake : world.deferred) {
      if (wake.issueId.equals(issue.id)) {
        for (var id : wake.context.path("wakeCommentIds")) {
          issue.comments.stream()
              .filter(comment -> comment.id().equals(id.asText()))
              .forEach(comment -> answer.add(comment.toJson()));
        }
      }
    }
    return Response.ok(answer);
  }
}
