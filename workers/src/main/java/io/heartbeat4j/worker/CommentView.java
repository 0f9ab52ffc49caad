package io.heartbeat4j.worker;

import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.CommentId;
import java.time.Instant;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * A comment as a worker sees it. Made by the runtime; a later version may add components, so use the accessors, not a
 * record pattern.
 *
 * @param body Markdown
 * @param createdAt by the server's clock
 */
@API(status = API.Status.STABLE, since = "1.0")
public record CommentView(CommentId id, Author author, String body, Optional<Instant> createdAt) {

  public boolean isBy(AgentId agent) {
    return author.is(agent);
  }

  public boolean isByPerson() {
    return author.kind() == Author.Kind.USER;
  }

  public boolean isBySystem() {
    return author.kind() == Author.Kind.SYSTEM;
  }
}
