package io.heartbeat4j.worker.acp.agent;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How the agent's program is run.
 *
 * @param name for messages
 * @param line the program and its arguments, behind what gives it another user or a sandbox
 * @param id no other program that runs at the same time has it
 * @param answerLimit the longest that a request may take which is no turn
 * @param grace the time between the request to end and the kill
 */
public record AgentCommand(String name, List<String> line, Path directory, Map<String, String> variables, String id,
    Duration answerLimit, Duration grace) {

  public AgentCommand {
    line = List.copyOf(line);
    variables = Map.copyOf(variables);
  }
}
