package io.heartbeat4j.embedded.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ContractServer.class)
final class CheckoutContractTest {

  private static final String[] OPEN = {"todo", "backlog", "blocked", "in_progress", "in_review"};

  @Test
  void the_harness_has_checked_out_the_issue_before_the_run_starts(Workplace work) {
    LiveRun run = work.agent("Wren").awaitRunFor("Build it");

    JsonNode issue = work.read(run.issueId());
    assertThat(issue.path("status").asText()).isEqualTo("in_progress");
    assertThat(issue.path("checkoutRunId").asText()).isEqualTo(run.id());
    assertThat(issue.path("executionRunId").asText()).isEqualTo(run.id());
    assertThat(run.context().path("paperclipHarnessCheckedOut").asBoolean()).isTrue();
  }

  @Test
  void a_second_checkout_by_the_same_run_succeeds_whatever_it_expects(Workplace work) {
    LiveRun run = work.agent("Wren").awaitRunFor("Build it");

    assertThat(run.checkout(run.issueId(), "todo", "backlog", "blocked").expect(200).path("status").asText())
        .isEqualTo("in_progress");
  }

  @Test
  void the_token_alone_names_the_run(Workplace work) {
    LiveRun run = work.agent("Wren").awaitRunFor("Build it");

    Map<String, Object> body = Map.of("agentId", run.agent().id, "expectedStatuses", List.of("todo"));
    assertThat(run.token().post(run.issuePath() + "/checkout", body).expect(200).path("checkoutRunId").asText())
        .isEqualTo(run.id());
  }

  @Test
  void an_unassigned_issue_becomes_the_callers(Workplace work) {
    TestAgent wren = work.agent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    String free = work.issue("Nobody's", Map.of("status", "todo"));

    JsonNode issue = run.checkout(free, "todo").expect(200);

    assertThat(issue.path("assigneeAgentId").asText()).isEqualTo(wren.id);
    assertThat(issue.path("checkoutRunId").asText()).isEqualTo(run.id());
  }

  @Test
  void a_second_own_issue_may_be_taken_in_the_same_run(Workplace work) {
    TestAgent wren = work.agent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    String second = work.backlog("And this", wren);

    assertThat(run.checkout(second, "todo", "backlog").expect(200).path("checkoutRunId").asText()).isEqualTo(run.id());
  }

  @Test
  void a_peers_issue_in_progress_is_a_conflict(Workplace work) {
    TestAgent wren = work.agent("Wren");
    LiveRun owner = wren.awaitRunFor("Build it");
    LiveRun other = work.agent("Pia").awaitRunFor("Test it");

    Reply reply = other.checkout(owner.issueId(), OPEN);

    assertThat(reply.error(409)).isEqualTo("Issue checkout conflict");
    assertThat(reply.text("/details/assigneeAgentId")).isEqualTo(wren.id);
    assertThat(reply.text("/details/status")).isEqualTo("in_progress");
    assertThat(reply.text("/details/checkoutRunId")).isEqualTo(owner.id());
    assertThat(reply.text("/details/executionRunId")).isEqualTo(owner.id());
  }

  @Test
  void a_peers_idle_issue_is_a_conflict_too(Workplace work) {
    String theirs = work.backlog("Later", work.agent("Wren"));
    LiveRun other = work.agent("Pia").awaitRunFor("Test it");

    assertThat(other.checkout(theirs, OPEN).error(409)).isEqualTo("Issue checkout conflict");
  }

  @Test
  void a_status_that_is_not_expected_is_a_conflict(Workplace work) {
    TestAgent wren = work.agent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    String later = work.backlog("Later", wren);

    Reply reply = run.checkout(later, "todo");

    assertThat(reply.error(409)).isEqualTo("Issue checkout conflict");
    assertThat(reply.text("/details/status")).isEqualTo("backlog");
  }

  @Test
  void a_done_issue_is_reopened_by_expecting_done(Workplace work) {
    LiveRun run = work.agent("Wren").awaitRunFor("Build it");
    run.patch(run.issueId(), Map.of("status", "done", "comment", "built")).expect(200);

    assertThat(run.checkout(run.issueId(), "todo").error(409)).isEqualTo("Issue checkout conflict");
    JsonNode reopened = run.checkout(run.issueId(), "todo", "in_progress", "done").expect(200);

    assertThat(reopened.path("status").asText()).isEqualTo("in_progress");
    assertThat(reopened.path("completedAt").isTextual()).as("the server keeps the time of the former end").isTrue();
  }

  @Test
  void another_live_run_of_the_same_agent_is_a_conflict(Workplace work) {
    TestAgent wren = work.agent("Wren");
    LiveRun first = wren.awaitRunFor("Build it");
    LiveRun second = wren.awaitRunFor("Paint it");

    Reply reply = second.checkout(first.issueId(), "todo", "in_progress");

    assertThat(reply.error(409)).isEqualTo("Issue checkout conflict");
    assertThat(reply.text("/details/checkoutRunId")).isEqualTo(first.id());
  }

  @Test
  void unresolved_blockers_are_no_conflict_but_422(Workplace work) {
    TestAgent wren = work.agent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    String blocker = work.issue("First this", Map.of());
    String blocked =
        work.issue(
            "Then that",
            Map.of("assigneeAgentId", wren.id, "status", "blocked", "blockedByIssueIds", List.of(blocker)));

    Reply reply = run.checkout(blocked, "todo", "blocked");

    assertThat(reply.error(422)).isEqualTo("Issue is blocked by unresolved blockers");
    assertThat(reply.text("/details/unresolvedBlockerIssueIds/0")).isEqualTo(blocker);
    assertThat(reply.text("/details/unresolvedBlockers/0/issueId")).isEqualTo(blocker);
    assertThat(reply.text("/details/unresolvedBlockers/0/reason")).isEqualTo("not_done");
  }

  @Test
  void an_agent_checks_out_only_as_itself(Workplace work) {
    TestAgent wren = work.agent("Wren");
    LiveRun other = work.agent("Pia").awaitRunFor("Test it");
    String theirs = work.backlog("Later", wren);

    Map<String, Object> body = Map.of("agentId", wren.id, "expectedStatuses", List.of("backlog"));
    assertThat(other.api().post("/api/issues/" + theirs + "/checkout", body).error(403))
        .isEqualTo("Agent can only checkout as itself");
  }

  @Test
  void a_body_that_is_not_understood_is_refused_field_by_field(Workplace work) {
    LiveRun run = work.agent("Wren").awaitRunFor("Build it");
    String path = run.issuePath() + "/checkout";
    String agentId = run.agent().id;

    Reply missing = run.api().post(path, Map.of("agentId", agentId));
    assertThat(missing.error(400)).isEqualTo("Validation error");
    assertThat(missing.text("/details/0/code")).isEqualTo("invalid_type");
    assertThat(missing.text("/details/0/path/0")).isEqualTo("expectedStatuses");

    Reply empty = run.api().post(path, Map.of("agentId", agentId, "expectedStatuses", List.of()));
    empty.expect(400);
    assertThat(empty.text("/details/0/code")).isEqualTo("too_small");

    Reply unknown = run.api().post(path, Map.of("agentId", agentId, "expectedStatuses", List.of("nope")));
    unknown.expect(400);
    assertThat(unknown.text("/details/0/code")).isEqualTo("invalid_value");
    assertThat(unknown.body().at("/details/0/path/1").asInt()).isZero();
  }

  @Test
  void a_key_needs_a_run_and_the_run_must_exist(Workplace work) {
    TestAgent wren = work.agent("Wren");
    Api key = wren.key();
    String path = "/api/issues/" + work.backlog("Later", wren) + "/checkout";
    Map<String, Object> body = Map.of("agentId", wren.id, "expectedStatuses", List.of("backlog"));

    assertThat(key.post(path, body).error(401)).isEqualTo("Agent run id required");
    assertThat(key.run("not-a-uuid").post(path, body).error(500)).isEqualTo("Internal server error");
    assertThat(key.run(UUID.randomUUID().toString()).post(path, body).error(500)).isEqualTo("Internal server error");
  }

  @Test
  void a_key_with_the_own_live_run_is_as_good_as_the_token(Workplace work) {
    TestAgent wren = work.agent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    Map<String, Object> body = Map.of("agentId", wren.id, "expectedStatuses", List.of("todo", "in_progress"));

    Api key = wren.key().run(run.id());

    assertThat(key.post(run.issuePath() + "/checkout", body).expect(200).path("checkoutRunId").asText()).isEqualTo(run.id());
    key.patch(run.issuePath(), Map.of("status", "done", "comment", "by key")).expect(200);
  }

  @Test
  void a_finished_run_may_still_check_out_but_owns_nothing(Workplace work) {
    TestAgent wren = work.agent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    run.patch(run.issueId(), Map.of("status", "todo", "comment", "later")).expect(200);
    run.end();

    run.checkout(run.issueId(), "todo", "in_progress").expect(200);

    Reply patch = run.patch(run.issueId(), Map.of("status", "done", "comment", "late"));
    assertThat(patch.error(409)).isEqualTo("Issue run ownership conflict");
    assertThat(patch.text("/details/actorRunId")).isEqualTo(run.id());
    assertThat(patch.body().at("/details/checkoutRunId").isNull()).isTrue();
  }

  @Test
  void release_gives_the_issue_back_to_nobody(Workplace work) {
    LiveRun run = work.agent("Wren").awaitRunFor("Build it");

    JsonNode released = run.api().post(run.issuePath() + "/release", Map.of()).expect(200);

    assertThat(released.path("status").asText()).isEqualTo("todo");
    assertThat(released.path("assigneeAgentId").isNull()).isTrue();
    assertThat(released.path("checkoutRunId").isNull()).isTrue();
    assertThat(released.path("executionRunId").isNull()).isTrue();
  }

  @Test
  void a_peers_issue_cannot_be_released(Workplace work) {
    LiveRun owner = work.agent("Wren").awaitRunFor("Build it");
    LiveRun other = work.agent("Pia").awaitRunFor("Test it");

    Reply reply = other.api().post(owner.issuePath() + "/release", Map.of());

    reply.expect(409);
    assertThat(reply.text("/details/code")).isEqualTo("issue_write_assignee_run_lock");
  }
}
