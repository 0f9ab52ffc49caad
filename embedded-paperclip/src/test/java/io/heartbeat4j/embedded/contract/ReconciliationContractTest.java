package io.heartbeat4j.embedded.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The board says what became of a run that was stopped, which lets the server start another one. */
@ExtendWith(ContractServerExtension.class)
final class ReconciliationContractTest {

  @Test
  void the_agent_goes_on_when_the_board_has_looked(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun dead = stopped(testCompany, wren);

    resolve(testCompany, dead).expectStatus(200);

    LiveRun next = wren.awaitRun();
    assertThat(next.wakeReason()).isEqualTo("issue_recovery_action_restored");
    assertThat(next.issueId()).isEqualTo(dead.issueId());
    JsonNode issue = testCompany.read(dead.issueId());
    assertThat(issue.path("status").asText()).isEqualTo("in_progress");
    assertThat(issue.path("checkoutRunId").asText()).isEqualTo(next.id());
    assertThat(issue.path("executionBlocker").isNull()).isTrue();
    next.patch(next.issueId(), Map.of("status", "done", "comment", "built")).expectStatus(200);
  }

  @Test
  void it_has_to_give_the_issue_back_first(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    TestAgent pia = testCompany.createAgent("Pia");
    LiveRun dead = stopped(testCompany, wren);
    testCompany.patchAsBoard(dead.issueId(), Map.of("assigneeAgentId", pia.id)).expectStatus(200);

    assertThat(resolve(testCompany, dead).expectError(409))
        .isEqualTo("The recovery source or task owner changed. Inspect the current execution before continuing.");

    testCompany.patchAsBoard(dead.issueId(), Map.of("assigneeAgentId", wren.id)).expectStatus(200);
    resolve(testCompany, dead).expectStatus(200);
    assertThat(wren.awaitRun().wakeReason()).isEqualTo("issue_recovery_action_restored");
  }

  @Test
  void an_issue_without_a_notice_has_nothing_to_resolve(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitIdleRun("Build it");

    assertThat(testCompany.board.post(run.issuePath() + "/recovery-actions/resolve",
        Map.of("outcome", "restored", "sourceIssueStatus", "todo")).expectError(404))
        .isEqualTo("Active recovery action not found");
  }

  private static LiveRun stopped(TestCompany testCompany, TestAgent agent) {
    LiveRun dead = agent.awaitRunFor("Build it");
    dead.endProcess(1);
    testCompany.awaitStatus(dead.issueId(), "blocked");
    return dead;
  }

  private static TestResponse resolve(TestCompany testCompany, LiveRun dead) {
    JsonNode notice = testCompany.read(dead.issueId()).path("executionBlocker");
    return testCompany.board.post(dead.issuePath() + "/recovery-actions/resolve", Map.of(
        "actionId", notice.path("recoveryActionId").asText(), "outcome", "restored", "sourceIssueStatus", "todo",
        "executionReconciliation", Map.of("runId", dead.id(), "providerStopped", true,
            "actionOutcome", "not_performed", "outcomeEvidence", "I have looked: nothing of it was done.")));
  }
}
