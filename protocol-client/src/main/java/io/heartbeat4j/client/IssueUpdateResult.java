package io.heartbeat4j.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.protocol.Comment;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.IssueStatus;
import java.io.IOException;
import java.util.Optional;

/**
 * The server's response to an update.
 *
 * @param newStatus the new status; a minimal answer shows none where it did not change (contract section 13)
 * @param comment the comment that was written with it
 */
public record IssueUpdateResult(IssueId id, Optional<IssueStatus> newStatus, Optional<Comment> comment) {

  static IssueUpdateResult of(IssueId asked, JsonNode tree) throws IOException {
    if (!asked.toString().equals(tree.path("id").asText())) {
      throw new IOException("it is about another issue");
    }
    String status = tree.path("changes").path("status").path("to").asText(tree.path("status").asText(""));
    return new IssueUpdateResult(
        asked, status.isEmpty() ? Optional.empty() : Optional.of(new IssueStatus(status)),
        comment(tree.path("comment")));
  }

  private static Optional<Comment> comment(JsonNode comment) throws JsonProcessingException {
    return comment.isObject()
        ? Optional.of(ProtocolJson.mapper().treeToValue(comment, Comment.class))
        : Optional.empty();
  }
}
