package io.heartbeat4j.worker;

import io.heartbeat4j.protocol.AgentId;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * An agent of the company as a worker sees it. Made by the runtime; a later version may add components, so use the
 * accessors, not a record pattern.
 *
 * @param role such as {@code engineer}
 * @param title such as {@code Senior engineer}
 */
@API(status = API.Status.STABLE, since = "1.0")
public record AgentView(AgentId id, String name, Optional<String> role, Optional<String> title) {

  /** A mention that wakes the agent: the server ignores a bare {@code @Name} (contract section 7). */
  public String mention() {
    return "[@" + name + "](agent://" + id + ")";
  }
}
