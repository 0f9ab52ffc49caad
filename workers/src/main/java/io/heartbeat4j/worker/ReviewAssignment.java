package io.heartbeat4j.worker;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A stage of review in which this agent is the one who is asked. {@link WorkResult.Done} approves, {@link
 * WorkResult.ChangesRequested} gives the issue back to the one who worked it; every other result leaves it with this
 * agent.
 *
 * @param stage {@code review} or {@code approval}; an open set
 * @param request what is to be looked at, where somebody has said so
 */
public record ReviewAssignment(String stage, @Nullable String request) {

  public Optional<String> instructions() {
    return Optional.ofNullable(request);
  }
}
