package io.heartbeat4j.worker;

import java.util.Optional;
import org.apiguardian.api.API;

/**
 * A stage of review that asks this agent for a verdict. {@link WorkResult.Done} approves, {@link
 * WorkResult.ChangesRequested} returns the issue to its worker; after every other result the issue stays with this
 * agent.
 *
 * @param stage {@code review} or {@code approval}; an open set
 * @param instructions what to look at; empty where the request says nothing
 */
@API(status = API.Status.STABLE, since = "1.0")
public record ReviewAssignment(String stage, Optional<String> instructions) {}
