package io.heartbeat4j.worker.shell;

import io.heartbeat4j.testkit.TestCompany;
import io.heartbeat4j.testkit.WorkerContractTest;
import io.heartbeat4j.worker.WorkerFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class ShellWorkerContractTest extends WorkerContractTest {

  @Override
  protected WorkerFactory<?> factory() {
    return new ShellWorkerFactory();
  }

  @Override
  protected Optional<Map<String, Object>> settings(Work work, TestCompany company) {
    String script = switch (work) {
      case ENDS -> "cat $HEARTBEAT_CONTEXT_FILE";
      case BLOCKS -> "echo 'there is no compiler'; exit 3";
      case TAKES_TIME -> "echo begun; touch " + STARTED + "; sleep 60";
      case DELEGATES -> """
          echo '{"result": "blocked", "reason": "Wren does it.", "unblock": {"subtasks": true}, "delegations": [
            {"title": "One part", "assignee": "Wren"}, {"title": "Another part"}]}' > $HEARTBEAT_RESULT_FILE""";
    };
    return Optional.of(Map.of("command", List.of(script), "shell", true));
  }
}
