package io.heartbeat4j.protocol;

import java.util.UUID;

/**
 * The body of a comment.
 *
 * @param clientRequestId the same id replays the same comment: a repeat posts nothing (contract section 7)
 */
public record NewComment(String body, UUID clientRequestId) {

  public NewComment {
    if (body.isBlank()) {
      throw new IllegalArgumentException("a comment needs a body");
    }
  }
}
