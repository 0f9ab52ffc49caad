package io.example.hello;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.testkit.WorkedIssue;
import io.heartbeat4j.testkit.WorkerKit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HelloTest {

  @Test
  void an_issue_is_greeted_and_done() throws Exception {
    try (WorkerKit kit = WorkerKit.start(new Hello(), Map.of())) {
      WorkedIssue worked = kit.work("Water the plants", "All of them.");
      assertEquals(IssueStatus.DONE, worked.status(), worked::toString);
      assertEquals(List.of("Hello! I have seen to \"Water the plants\"."), worked.comments());
    }
  }
}
