package io.heartbeat4j.worker.llm;

import io.heartbeat4j.testkit.TestCompany;
import io.heartbeat4j.testkit.WorkerContractTest;
import io.heartbeat4j.worker.WorkerFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class LlmWorkerContractTest extends WorkerContractTest {

  @Override
  protected WorkerFactory<?> factory() {
    return new LlmWorkerFactory();
  }

  @Override
  protected Optional<Map<String, Object>> settings(Work work, TestCompany company) throws Exception {
    MockModelServer mock = MockModelServer.running();
    mock.script(WireFormat.OPENAI, switch (work) {
      case ENDS -> List.of(
          ScriptedTurn.calling("run", Map.of("command", "echo 1 > one.txt")),
          ScriptedTurn.finishing("done", "Made it."));
      case BLOCKS -> List.of(ScriptedTurn.finishing("blocked", "Which fence?"));
      case TAKES_TIME -> List.of(ScriptedTurn.calling("run", Map.of("command", "touch " + STARTED + "; sleep 60")));
      case DELEGATES -> List.of(
          ScriptedTurn.calling("create_subtask",
              Map.of("report", "Wren", "title", "A part", "description", "All of it")),
          ScriptedTurn.calling("finish",
              Map.of("outcome", "blocked", "summary", "Wren does it.", "waiting_for", "subtasks")));
    });
    return Optional.of(Map.of(
        "model", LlmFixture.model(WireFormat.OPENAI, mock.url() + WireFormat.OPENAI.path()),
        "permissions", List.of("allow run *"), "verify", List.of("none")));
  }
}
