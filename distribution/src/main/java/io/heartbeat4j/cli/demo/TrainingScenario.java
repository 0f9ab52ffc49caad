package io.heartbeat4j.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.embedded.EmbeddedBoard;
import io.heartbeat4j.embedded.EmbeddedPaperclip;
import io.heartbeat4j.embedded.InProcessWake;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/** Wakes an agent without an issue, for an issue, and for a last issue. */
final class TrainingScenario {

  private static final String WORK = "echo trained; printf '%s' '{\"result\":\"done\",\"summary\":\"trained\","
      + "\"delegations\":[{\"title\":\"more\",\"description\":\"of it\"}]}' > \"$HEARTBEAT_RESULT_FILE\"";

  private final Path scratch;
  private final Function<Map<String, String>, Future<?>> heartbeat;
  private final Consumer<Map<String, String>> lastHeartbeat;
  private final List<Promise<Object>> heartbeats = List.of(Promise.promise(), Promise.promise());
  private int wakes;

  TrainingScenario(Path scratch, Function<Map<String, String>, Future<?>> heartbeat,
      Consumer<Map<String, String>> lastHeartbeat) {
    this.scratch = scratch;
    this.heartbeat = heartbeat;
    this.lastHeartbeat = lastHeartbeat;
  }

  Future<JsonNode> run(EmbeddedPaperclip server) {
    EmbeddedBoard board = server.board();
    return board.createCompany("Training").compose(company -> {
      String id = company.path("id").asText();
      return board.createAgent(id, "Trainee", Map.of()).compose(agent -> {
        String trainee = agent.path("id").asText();
        server.setWakeHandler(trainee, this::onWake);
        return board.invokeHeartbeat(trainee)
            .compose(run -> heartbeats.get(0).future())
            .compose(idle -> board.createIssue(id, "Train", Map.of("status", "todo", "assigneeAgentId", trainee)))
            .compose(issue -> heartbeats.get(1).future())
            .compose(done -> board.createIssue(id, "Train on", Map.of(
                "status", "todo", "assigneeAgentId", trainee, "description", "The last one.", "priority", "high")));
      });
    });
  }

  private Future<Integer> onWake(InProcessWake wake) {
    Map<String, String> environment = new HashMap<>(wake.environment());
    environment.put("HEARTBEAT_WORKER", "shell");
    environment.put("HEARTBEAT_WORKER_COMMAND", WORK);
    environment.put("HEARTBEAT_WORKER_SHELL", "true");
    environment.put("HEARTBEAT_STATE_DIR", scratch.resolve("state").toString());
    environment.put("PAPERCLIP_RUN_SCRATCH_DIR", scratch.toString());
    environment.put("PAPERCLIP_WORKSPACE_CWD", scratch.toString());
    String task = wake.context().path("issueId").asText("");
    if (!task.isEmpty()) {
      environment.put("PAPERCLIP_TASK_ID", task);
    }
    int number = wakes++;
    if (number < heartbeats.size()) {
      return heartbeat.apply(environment).<Object>mapEmpty().onComplete(heartbeats.get(number)).map(0);
    }
    lastHeartbeat.accept(environment);
    return Promise.<Integer>promise().future();
  }
}
