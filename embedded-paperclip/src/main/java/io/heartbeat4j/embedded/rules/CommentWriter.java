package io.heartbeat4j.embedded.rules;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Adds comments to issues. */
final class CommentWriter {

  private final ServerState server;

  CommentWriter(ServerState server) {
    this.server = server;
  }

  /**
   * The existing comment that a request repeats: for an agent, one with the same text, issue and run; for the board,
   * one with the same request id.
   */
  Optional<CommentEntity> findDuplicate(IssueEntity issueEntity, RequestActor requestActor, String body,
      @Nullable String clientRequestId) {
    return switch (requestActor) {
      case RequestActor.BoardActor board ->
        issueEntity.comments.stream()
            .filter(commentEntity -> clientRequestId != null && clientRequestId.equals(commentEntity.clientRequestId()))
            .findFirst()
            .map(commentEntity -> requireSameBody(commentEntity, body));
      case RequestActor.AgentActor agent ->
        issueEntity.comments.stream()
            .filter(
                commentEntity -> agent.agent().id.equals(commentEntity.authorId()) && commentEntity.body().equals(body))
            .filter(commentEntity -> commentEntity.runId() != null && commentEntity.runId().equals(agent.runId()))
            .findFirst();
    };
  }

  private static CommentEntity requireSameBody(CommentEntity commentEntity, String body) {
    if (!commentEntity.body().equals(body)) {
      throw ApiException.conflict("Message request ID was already used for different content");
    }
    return commentEntity;
  }

  /** Adds a comment of the sender, or returns the earlier one that it repeats. */
  CommentEntity add(IssueEntity issueEntity, RequestActor requestActor, String body, @Nullable String clientRequestId,
      @Nullable String reason) {
    Optional<CommentEntity> replay = findDuplicate(issueEntity, requestActor, body, clientRequestId);
    if (replay.isPresent()) {
      return replay.get();
    }
    return switch (requestActor) {
      case RequestActor.BoardActor board ->
        add(issueEntity, "user", RequestActor.BOARD_USER, null, clientRequestId, null, body);
      case RequestActor.AgentActor agent -> {
        server.recordProgress(agent.runId(), issueEntity);
        yield add(issueEntity, "agent", agent.agent().id, agent.runId(), clientRequestId, reason, body);
      }
    };
  }

  /** Adds a comment of the server. */
  void addSystemComment(IssueEntity issueEntity, String body) {
    add(issueEntity, "system", null, null, null, null, body);
  }

  private CommentEntity add(
      IssueEntity issueEntity,
      String authorType,
      @Nullable String authorId,
      @Nullable String runId,
      @Nullable String clientRequestId,
      @Nullable String reason,
      String body) {
    CommentEntity commentEntity = new CommentEntity(
        server.idGenerator.next(),
        issueEntity.companyId,
        issueEntity.id,
        authorType,
        authorId,
        runId,
        clientRequestId,
        reason,
        body,
        server.now());
    issueEntity.comments.add(commentEntity);
    issueEntity.lastActivityAt = commentEntity.createdAt();
    return commentEntity;
  }
}
