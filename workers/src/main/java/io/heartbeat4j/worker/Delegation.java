package io.heartbeat4j.worker;

import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.Priority;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * A subtask for a report (step 9). It has no parent and no goal: the issue worked on is the parent, and its goal is
 * inherited.
 *
 * @param title what to do; not blank. Under one parent the server takes an open issue of the same title for the same
 *     issue (contract section 5)
 * @param assignee the agent that does it; empty leaves the subtask in the backlog
 * @param priority empty for the server's default
 */
@API(status = API.Status.STABLE, since = "1.0")
public record Delegation(
    String title, Optional<String> description, Optional<AgentId> assignee, Optional<Priority> priority) {

  public Delegation {
    title = TextValidator.requireNonBlank("the title of a subtask", title);
  }

  /** A subtask for an agent. */
  public static Delegation to(AgentId assignee, String title, String description) {
    return new Delegation(title, Optional.of(description), Optional.of(assignee), Optional.empty());
  }

  /** A subtask without an assignee, in the backlog. */
  public static Delegation unassigned(String title, String description) {
    return new Delegation(title, Optional.of(description), Optional.empty(), Optional.empty());
  }
}
