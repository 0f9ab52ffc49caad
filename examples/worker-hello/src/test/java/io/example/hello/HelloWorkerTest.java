package io.example.hello;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.testkit.IssueAfterHeartbeat;
import io.heartbeat4j.testkit.WorkerTestKit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HelloWorkerTest {

  @Test
  void an_issue_is_greeted_and_done() throws Exception {
    try (WorkerTestKit kit = WorkerTestKit.start(new HelloWorkerFactory(), Map.of())) {
      IssueAfterHeartbeat worked = kit.assignIssue("Water the plants", "All of them.");
      assertEquals(IssueStatus.DONE, worked.status(), worked::toString);
      assertEquals(List.of("Hello! I have seen to \"Water the plants\"."), worked.comments());
    }
  }
}
