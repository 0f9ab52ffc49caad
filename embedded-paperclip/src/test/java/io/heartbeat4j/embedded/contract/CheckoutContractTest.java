package io.heartbeat4j.embedded.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ContractServerExtension.class)
final class CheckoutContractTest {

  private static final String[] OPEN = {"todo", "backlog", "blocked", "in_progress", "in_review"};

  @Test
  void the_harness_has_checked_out_the_issue_before_the_run_starts(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");

    JsonNode issue = testCompany.read(run.issueId());
    assertThat(issue.path("status").asText()).isEqualTo("in_progress");
    assertThat(issue.path("checkoutRunId").asText()).isEqualTo(run.id());
    assertThat(issue.path("executionRunId").asText()).isEqualTo(run.id());
    assertThat(run.context().path("paperclipHarnessCheckedOut").asBoolean()).isTrue();
  }

  @Test
  void a_second_checkout_by_the_same_run_succeeds_whatever_it_expects(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");

    assertThat(run.checkout(run.issueId(), "todo", "backlog", "blocked").expectStatus(200).path("status").asText())
        .isEqualTo("in_progress");
  }

  @Test
  void the_token_alone_names_the_run(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");

    Map<String, Object> body = Map.of("agentId", run.agent().id, "expectedStatuses", List.of("todo"));
    assertThat(
        run.tokenClient().post(run.issuePath() + "/checkout", body).expectStatus(200).path("checkoutRunId").asText())
        .isEqualTo(run.id());
  }

  @Test
  void an_unassigned_issue_becomes_the_callers(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    String free = testCompany.createIssueId("Nobody's", Map.of("status", "todo"));

    JsonNode issue = run.checkout(free, "todo").expectStatus(200);

    assertThat(issue.path("assigneeAgentId").asText()).isEqualTo(wren.id);
    assertThat(issue.path("checkoutRunId").asText()).isEqualTo(run.id());
  }

  @Test
  void a_second_own_issue_may_be_taken_in_the_same_run(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    String second = testCompany.createBacklog("And this", wren);

    assertThat(run.checkout(second, "todo", "backlog").expectStatus(200).path("checkoutRunId").asText())
        .isEqualTo(run.id());
  }

  @Test
  void a_peers_issue_in_progress_is_a_conflict(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun owner = wren.awaitRunFor("Build it");
    LiveRun other = testCompany.createAgent("Pia").awaitRunFor("Test it");

    TestResponse testResponse = other.checkout(owner.issueId(), OPEN);

    assertThat(testResponse.expectError(409)).isEqualTo("Issue checkout conflict");
    assertThat(testResponse.text("/details/assigneeAgentId")).isEqualTo(wren.id);
    assertThat(testResponse.text("/details/status")).isEqualTo("in_progress");
    assertThat(testResponse.text("/details/checkoutRunId")).isEqualTo(owner.id());
    assertThat(testResponse.text("/details/executionRunId")).isEqualTo(owner.id());
  }

  @Test
  void a_peers_idle_issue_is_a_conflict_too(TestCompany testCompany) {
    String theirs = testCompany.createBacklog("Later", testCompany.createAgent("Wren"));
    LiveRun other = testCompany.createAgent("Pia").awaitRunFor("Test it");

    assertThat(other.checkout(theirs, OPEN).expectError(409)).isEqualTo("Issue checkout conflict");
  }

  @Test
  void a_status_that_is_not_expected_is_a_conflict(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    String later = testCompany.createBacklog("Later", wren);

    TestResponse testResponse = run.checkout(later, "todo");

    assertThat(testResponse.expectError(409)).isEqualTo("Issue checkout conflict");
    assertThat(testResponse.text("/details/status")).isEqualTo("backlog");
  }

  @Test
  void a_done_issue_is_reopened_by_expecting_done(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");
    run.patch(run.issueId(), Map.of("status", "done", "comment", "built")).expectStatus(200);

    assertThat(run.checkout(run.issueId(), "todo").expectError(409)).isEqualTo("Issue checkout conflict");
    JsonNode reopened = run.checkout(run.issueId(), "todo", "in_progress", "done").expectStatus(200);

    assertThat(reopened.path("status").asText()).isEqualTo("in_progress");
    assertThat(reopened.path("completedAt").isTextual()).as("the server keeps the time of the former end").isTrue();
  }

  @Test
  void another_live_run_of_the_same_agent_is_a_conflict(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun first = wren.awaitRunFor("Build it");
    LiveRun second = wren.awaitRunFor("Paint it");

    TestResponse testResponse = second.checkout(first.issueId(), "todo", "in_progress");

    assertThat(testResponse.expectError(409)).isEqualTo("Issue checkout conflict");
    assertThat(testResponse.text("/details/checkoutRunId")).isEqualTo(first.id());
  }

  @Test
  void unresolved_blockers_are_no_conflict_but_422(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    String blocker = testCompany.createIssueId("First this", Map.of());
    String blocked = testCompany.createIssueId(
        "Then that",
        Map.of("assigneeAgentId", wren.id, "status", "blocked", "blockedByIssueIds", List.of(blocker)));

    TestResponse testResponse = run.checkout(blocked, "todo", "blocked");

    assertThat(testResponse.expectError(422)).isEqualTo("Issue is blocked by unresolved blockers");
    assertThat(testResponse.text("/details/unresolvedBlockerIssueIds/0")).isEqualTo(blocker);
    assertThat(testResponse.text("/details/unresolvedBlockers/0/issueId")).isEqualTo(blocker);
    assertThat(testResponse.text("/details/unresolvedBlockers/0/reason")).isEqualTo("not_done");
  }

  @Test
  void an_agent_checks_out_only_as_itself(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun other = testCompany.createAgent("Pia").awaitRunFor("Test it");
    String theirs = testCompany.createBacklog("Later", wren);

    Map<String, Object> body = Map.of("agentId", wren.id, "expectedStatuses", List.of("backlog"));
    assertThat(other.client().post("/api/issues/" + theirs + "/checkout", body).expectError(403))
        .isEqualTo("Agent can only checkout as itself");
  }

  @Test
  void a_body_that_is_not_understood_is_refused_field_by_field(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");
    String path = run.issuePath() + "/checkout";
    String agentId = run.agent().id;

    TestResponse missing = run.client().post(path, Map.of("agentId", agentId));
    assertThat(missing.expectError(400)).isEqualTo("Validation error");
    assertThat(missing.text("/details/0/code")).isEqualTo("invalid_type");
    assertThat(missing.text("/details/0/path/0")).isEqualTo("expectedStatuses");

    TestResponse empty = run.client().post(path, Map.of("agentId", agentId, "expectedStatuses", List.of()));
    empty.expectStatus(400);
    assertThat(empty.text("/details/0/code")).isEqualTo("too_small");

    TestResponse unknown = run.client().post(path, Map.of("agentId", agentId, "expectedStatuses", List.of("nope")));
    unknown.expectStatus(400);
    assertThat(unknown.text("/details/0/code")).isEqualTo("invalid_value");
    assertThat(unknown.body().at("/details/0/path/1").asInt()).isZero();
  }

  @Test
  void a_key_needs_a_run_and_the_run_must_exist(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    TestApiClient key = wren.keyClient();
    String path = "/api/issues/" + testCompany.createBacklog("Later", wren) + "/checkout";
    Map<String, Object> body = Map.of("agentId", wren.id, "expectedStatuses", List.of("backlog"));

    assertThat(key.post(path, body).expectError(401)).isEqualTo("Agent run id required");
    assertThat(key.withRunId("not-a-uuid").post(path, body).expectError(500)).isEqualTo("Internal server error");
    assertThat(key.withRunId(UUID.randomUUID().toString()).post(path, body).expectError(500))
        .isEqualTo("Internal server error");
  }

  @Test
  void a_key_with_the_own_live_run_is_as_good_as_the_token(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    Map<String, Object> body = Map.of("agentId", wren.id, "expectedStatuses", List.of("todo", "in_progress"));

    TestApiClient key = wren.keyClient().withRunId(run.id());

    assertThat(key.post(run.issuePath() + "/checkout", body).expectStatus(200).path("checkoutRunId").asText())
        .isEqualTo(run.id());
    key.patch(run.issuePath(), Map.of("status", "done", "comment", "by key")).expectStatus(200);
  }

  @Test
  void a_finished_run_may_still_check_out_but_owns_nothing(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    run.patch(run.issueId(), Map.of("status", "todo", "comment", "later")).expectStatus(200);
    run.endProcess();

    run.checkout(run.issueId(), "todo", "in_progress").expectStatus(200);

    TestResponse patch = run.patch(run.issueId(), Map.of("status", "done", "comment", "late"));
    assertThat(patch.expectError(409)).isEqualTo("Issue run ownership conflict");
    assertThat(patch.text("/details/actorRunId")).isEqualTo(run.id());
    assertThat(patch.body().at("/details/checkoutRunId").isNull()).isTrue();
  }

  @Test
  void release_gives_the_issue_back_to_nobody(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");

    JsonNode released = run.client().post(run.issuePath() + "/release", Map.of()).expectStatus(200);

    assertThat(released.path("status").asText()).isEqualTo("todo");
    assertThat(released.path("assigneeAgentId").isNull()).isTrue();
    assertThat(released.path("checkoutRunId").isNull()).isTrue();
    assertThat(released.path("executionRunId").isNull()).isTrue();
  }

  @Test
  void a_peers_issue_cannot_be_released(TestCompany testCompany) {
    LiveRun owner = testCompany.createAgent("Wren").awaitRunFor("Build it");
    LiveRun other = testCompany.createAgent("Pia").awaitRunFor("Test it");

    TestResponse testResponse = other.client().post(owner.issuePath() + "/release", Map.of());

    testResponse.expectStatus(409);
    assertThat(testResponse.text("/details/code")).isEqualTo("issue_write_assignee_run_lock");
  }
}
