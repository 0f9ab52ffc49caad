package io.heartbeat4j.embedded.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Issues that rest: until a time, or until the board lets them go on. */
@ExtendWith(ContractServerExtension.class)
final class MonitorAndHoldContractTest {

  @Test
  void a_monitor_lets_an_issue_in_review_rest_until_a_time(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    Instant at = Instant.now().plusSeconds(3);

    JsonNode issue = run.patch(
        run.issueId(),
        Map.of(
            "status", "in_review",
            "comment", "later",
            "executionPolicy", Map.of("monitor", Map.of("nextCheckAt", at.toString(), "notes", "quota"))))
        .expectStatus(200);
    assertThat(Instant.parse(issue.path("monitorNextCheckAt").asText()).toEpochMilli()).isEqualTo(at.toEpochMilli());
    run.endProcess();

    LiveRun due = wren.awaitRun();
    assertThat(due.wakeReason()).isEqualTo("issue_monitor_due");
    assertThat(Instant.now()).isAfter(at);
    JsonNode resting = testCompany.read(run.issueId());
    assertThat(resting.path("status").asText()).isEqualTo("in_review");
    assertThat(resting.path("checkoutRunId").isNull()).isTrue();
    due.checkout(run.issueId(), "in_review").expectStatus(200);
    due.patch(run.issueId(), Map.of("status", "done", "comment", "built")).expectStatus(200);
  }

  @Test
  void a_hold_stops_the_run_and_refuses_the_checkout(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    LiveRun other = wren.awaitRunFor("Something else");

    JsonNode hold = testCompany.board.post(run.issuePath() + "/tree-holds", Map.of("mode", "pause", "reason", "test"))
        .expectStatus(201).path("hold");
    run.awaitOver();

    assertThat(run.status()).isEqualTo("cancelled");
    assertThat(hold.path("status").asText()).isEqualTo("active");
    assertThat(hold.at("/members/0/issueId").asText()).isEqualTo(run.issueId());
    TestResponse refused = other.checkout(run.issueId(), "todo", "in_progress", "blocked");
    assertThat(refused.expectError(409)).isEqualTo("Issue checkout blocked by active subtree pause hold");
    assertThat(refused.body().at("/details/holdId")).isEqualTo(hold.path("id"));
    other.comment(run.issueId(), "comments are allowed").expectStatus(201);
  }

  @Test
  void the_board_has_nothing_to_say_in_a_hold_and_another_agents_comment_starts_a_run_that_has_the_issue(
      TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun peer = testCompany.createAgent("Rhea").awaitRunFor("Something else");
    testCompany.board.post("/api/agents/" + wren.id + "/pause", Map.of()).expectStatus(200);
    String issue = testCompany.createTodo("Build it", wren);
    testCompany.board.post("/api/issues/" + issue + "/tree-holds", Map.of("mode", "pause", "reason", "test"))
        .expectStatus(201);
    testCompany.board.post("/api/agents/" + wren.id + "/resume", Map.of()).expectStatus(200);

    TestResponse refused = testCompany.board.post("/api/issues/" + issue + "/comments",
        Map.of("body", "How far are you?"));
    assertThat(refused.expectError(409)).isEqualTo("Task is paused. Resume it before sending a message.");
    assertThat(testCompany.patchAsBoard(issue, Map.of("comment", "How far are you?")).expectError(409))
        .isEqualTo(refused.expectError(409));
    peer.comment(issue, "How far are you?").expectStatus(201);

    LiveRun run = wren.awaitRun();
    assertThat(run.wakeReason()).isEqualTo("issue_commented");
    assertThat(run.context().path("treeHoldInteraction").asBoolean()).isTrue();
    assertThat(testCompany.status(issue)).isEqualTo("in_progress");
    run.checkout(issue, "in_progress").expectStatus(200);
  }
}
