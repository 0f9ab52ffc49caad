package io.heartbeat4j.embedded.rules;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Adds comments to issues. */
final class IssueThread {

  private final World world;

  IssueThread(World world) {
    this.world = world;
  }

  /**
   * The comment that this one would repeat: of an agent, the same words on the same issue in the same run;
   * of a person, the same request id.
   */
  Optional<Comment> replay(Issue issue, Actor actor, String body, @Nullable String clientRequestId) {
    return switch (actor) {
      case Actor.BoardActor board ->
          issue.comments.stream()
              .filter(comment -> clientRequestId != null && clientRequestId.equals(comment.clientRequestId()))
              .findFirst()
              .map(comment -> sameWords(comment, body));
      case Actor.AgentActor agent ->
          issue.comments.stream()
              .filter(comment -> agent.agent().id.equals(comment.authorId()) && comment.body().equals(body))
              .filter(comment -> comment.runId() != null && comment.runId().equals(agent.runId()))
              .findFirst();
    };
  }

  private static Comment sameWords(Comment comment, String body) {
    if (!comment.body().equals(body)) {
      throw Refusal.conflict("Message request ID was already used for different content");
    }
    return comment;
  }

  /** A comment by whoever sends the request, or the one that it repeats. */
  Comment add(Issue issue, Actor actor, String body, @Nullable String clientRequestId, @Nullable String reason) {
    Optional<Comment> replay = replay(issue, actor, body, clientRequestId);
    if (replay.isPresent()) {
      return replay.get();
    }
    return switch (actor) {
      case Actor.BoardActor board -> add(issue, "user", Actor.BOARD_USER, null, clientRequestId, null, body);
      case Actor.AgentActor agent -> {
        world
            .run(agent.runId())
            .ifPresent(
                run -> {
                  run.productive = true;
                  run.touchedIssues.add(issue.id);
                });
        yield add(issue, "agent", agent.agent().id, agent.runId(), clientRequestId, reason, body);
      }
    };
  }

  /** A notice of the server itself. */
  Comment system(Issue issue, String body, Optional<Run> about) {
    return add(issue, "system", null, null, null, null, body);
  }

  private Comment add(
      Issue issue,
      String authorType,
      @Nullable String authorId,
      @Nullable String runId,
      @Nullable String clientRequestId,
      @Nullable String reason,
      String body) {
    Comment comment =
        new Comment(
            world.ids.next(),
            issue.companyId,
            issue.id,
            authorType,
            authorId,
            runId,
            clientRequestId,
            reason,
            body,
            world.now());
    issue.comments.add(comment);
    issue.lastActivityAt = comment.createdAt();
    return comment;
  }
}
