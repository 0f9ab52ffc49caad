package io.heartbeat4j.worker;

import io.heartbeat4j.protocol.AgentId;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * Who wrote a comment.
 *
 * @param id of the agent or person; empty for the server
 */
@API(status = API.Status.STABLE, since = "1.0")
public record Author(Kind kind, Optional<String> id) {

  /** The kinds of authors. */
  public enum Kind {
    /** An agent of the company. */
    AGENT,
    /** A person of the board. */
    USER,
    /** The server: a notice, never an answer. */
    SYSTEM
  }

  public boolean is(AgentId agent) {
    return kind == Kind.AGENT && id.filter(agent.toString()::equals).isPresent();
  }
}
