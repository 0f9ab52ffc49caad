package io.heartbeat4j.embedded.rules;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Adds comments to issues. */
final class IssueThread {

  private final World world;

  IssueThread(World world) {
    this.world = world;
  }

  /** A comment by whoever sends the request. */
  Comment add(Issue issue, Actor actor, String body, @Nullable String clientRequestId, @Nullable String reason) {
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
