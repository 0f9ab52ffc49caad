package io.example.hello;

import static io.heartbeat4j.testkit.HeartbeatAssertions.assertThat;

import io.heartbeat4j.testkit.HeartbeatTest;
import io.heartbeat4j.testkit.TestCompany;
import org.junit.jupiter.api.Test;

@HeartbeatTest(HelloWorkerFactory.class)
class HelloWorkerTest {

  @Test
  void an_issue_is_greeted_and_done(TestCompany company) {
    assertThat(company.issue("Water the plants").isWorked())
        .isDone().hasComment("Hello! I have seen to \"Water the plants\".");
  }
}
