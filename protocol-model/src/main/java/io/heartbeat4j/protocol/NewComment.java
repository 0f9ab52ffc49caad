package io.heartbeat4j.protocol;

import java.util.UUID;
import org.apiguardian.api.API;

/**
 * The body of a comment.
 *
 * @param clientRequestId the same id replays the same comment: a repeat posts nothing (contract section 7)
 */
@API(status = API.Status.EXPERIMENTAL, since = "1.0")
public record NewComment(String body, UUID clientRequestId) {

  public NewComment {
    if (body.isBlank()) {
      throw new IllegalArgumentException("a comment needs a body");
    }
  }
}
