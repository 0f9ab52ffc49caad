package io.heartbeat4j.embedded.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Issues that rest: until a time, or until the board lets them go on. */
@ExtendWith(ContractServer.class)
final class RestContractTest {

  @Test
  void a_monitor_lets_an_issue_in_review_rest_until_a_time(Workplace work) {
    TestAgent wren = work.agent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    Instant at = Instant.now().plusSeconds(3);

    JsonNode issue =
        run.patch(
                run.issueId(),
                Map.of(
                    "status", "in_review",
                    "comment", "later",
                    "executionPolicy", Map.of("monitor", Map.of("nextCheckAt", at.toString(), "notes", "quota"))))
            .expect(200);
    assertThat(Instant.parse(issue.path("monitorNextCheckAt").asText()).toEpochMilli()).isEqualTo(at.toEpochMilli());
    run.end();

    LiveRun due = wren.awaitRun();
    assertThat(due.wakeReason()).isEqualTo("issue_monitor_due");
    assertThat(Instant.now()).isAfter(at);
    JsonNode resting = work.read(run.issueId());
    assertThat(resting.path("status").asText()).isEqualTo("in_review");
    assertThat(resting.path("checkoutRunId").isNull()).isTrue();
    due.checkout(run.issueId(), "in_review").expect(200);
    due.patch(run.issueId(), Map.of("status", "done", "comment", "built")).expect(200);
  }

  @Test
  void a_hold_stops_the_run_and_refuses_the_checkout(Workplace work) {
    TestAgent wren = work.agent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    LiveRun other = wren.awaitRunFor("Something else");

    JsonNode hold =
        work.board.post(run.issuePath() + "/tree-holds", Map.of("mode", "pause", "reason", "test")).expect(201).path("hold");
    run.awaitOver();

    assertThat(run.status()).isEqualTo("cancelled");
    assertThat(hold.path("status").asText()).isEqualTo("active");
    assertThat(hold.at("/members/0/issueId").asText()).isEqualTo(run.issueId());
    Reply refused = other.checkout(run.issueId(), "todo", "in_progress", "blocked");
    assertThat(refused.error(409)).isEqualTo("Issue checkout blocked by active subtree pause hold");
    assertThat(refused.body().at("/details/holdId")).isEqualTo(hold.path("id"));
    other.comment(run.issueId(), "comments are allowed").expect(201);
  }

  @Test
  void the_board_has_nothing_to_say_in_a_hold_and_another_agents_comment_starts_a_run_that_has_the_issue(Workplace work) {
    TestAgent wren = work.agent("Wren");
    LiveRun peer = work.agent("Rhea").awaitRunFor("Something else");
    work.board.post("/api/agents/" + wren.id + "/pause", Map.of()).expect(200);
    String issue = work.todo("Build it", wren);
    work.board.post("/api/issues/" + issue + "/tree-holds", Map.of("mode", "pause", "reason", "test")).expect(201);
    work.board.post("/api/agents/" + wren.id + "/resume", Map.of()).expect(200);

    Reply refused = work.board.post("/api/issues/" + issue + "/comments", Map.of("body", "How far are you?"));
    assertThat(refused.error(409)).isEqualTo("Task is paused. Resume it before sending a message.");
    assertThat(work.patchAsBoard(issue, Map.of("comment", "How far are you?")).error(409)).isEqualTo(refused.error(409));
    peer.comment(issue, "How far are you?").expect(201);

    LiveRun run = wren.awaitRun();
    assertThat(run.wakeReason()).isEqualTo("issue_commented");
    assertThat(run.context().path("treeHoldInteraction").asBoolean()).isTrue();
    assertThat(work.status(issue)).isEqualTo("in_progress");
    run.checkout(issue, "in_progress").expect(200);
  }
}
