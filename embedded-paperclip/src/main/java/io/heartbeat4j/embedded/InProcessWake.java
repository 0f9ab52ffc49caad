package io.heartbeat4j.embedded;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.util.Map;

/**
 * A wake as an agent in this JVM gets it.
 *
 * @param runId the run
 * @param agentId the agent
 * @param companyId its company
 * @param token the run's JWT
 * @param context the run's {@code contextSnapshot}, a copy
 * @param environment what a child process would find in its environment
 * @param cancelled completes when the server stops the run; a process would get SIGTERM now
 */
public record InProcessWake(
    String runId,
    String agentId,
    String companyId,
    String token,
    ObjectNode context,
    Map<String, String> environment,
    Future<Void> cancelled) {

  public InProcessWake {
    environment = Map.copyOf(environment);
  }
}
