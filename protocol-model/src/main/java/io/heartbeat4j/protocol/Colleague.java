package io.heartbeat4j.protocol;

import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/** Another agent of the company: a manager in the chain of command, or a report. */
@API(status = API.Status.EXPERIMENTAL, since = "1.0")
public record Colleague(AgentId id, String name, @Nullable String role, @Nullable String title,
    @Nullable AgentId reportsTo) {

  /** A mention that wakes the agent: the server ignores a bare {@code @Name} (contract section 7). */
  public String mention() {
    return "[@" + name + "](agent://" + id + ")";
  }
}
