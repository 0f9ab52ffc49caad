package io.heartbeat4j.worker;

import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.Priority;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A subtask for a report (step 9). It has no parent and no goal: the issue worked on is the parent, and its goal is
 * inherited.
 *
 * @param title what to do; not blank. Under one parent the server takes an open issue of the same title for the same
 *     issue (contract section 5)
 * @param assignee who does it; nobody leaves it in the backlog
 */
public record Delegation(
    String title, @Nullable String description, @Nullable AgentId assignee, @Nullable Priority priority) {

  public Delegation {
    title = TextValidator.requireNonBlank("the title of a subtask", title);
  }

  /** A subtask for an agent. */
  public static Delegation to(AgentId assignee, String title, String description) {
    return new Delegation(title, description, assignee, null);
  }

  /** A subtask that nobody is assigned to yet. */
  public static Delegation unassigned(String title, String description) {
    return new Delegation(title, description, null, null);
  }

  public Optional<AgentId> assignedTo() {
    return Optional.ofNullable(assignee);
  }
}
