package io.heartbeat4j.embedded;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.util.Map;

/**
 * The wake that a {@link WakeHandler} receives.
 *
 * @param runId the run of the wake
 * @param agentId the agent of the run
 * @param companyId the company of the agent
 * @param token the token of the run, a JWT
 * @param context a copy of the {@code contextSnapshot} of the run
 * @param environment the variables that a child process would get
 * @param cancelled completes when the server stops the run, where a process gets SIGTERM
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
