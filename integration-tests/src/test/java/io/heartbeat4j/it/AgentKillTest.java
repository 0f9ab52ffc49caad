package io.heartbeat4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The agent's process is killed or its connection cut at each step of a heartbeat on a real server.
 * docs/faults.md has a row for each.
 */
@Execution(ExecutionMode.CONCURRENT)
class AgentKillTest {

  @TempDir
  static Path directory;
  private static InstalledDistribution installedDistribution;

  @BeforeAll
  static void install() throws IOException {
    installedDistribution = new InstalledDistribution(directory);
  }

  @ParameterizedTest
  @EnumSource(names = {"BEFORE_CHECKOUT", "AFTER_CHECKOUT", "BEFORE_CONTEXT"})
  void work_that_a_kill_has_prevented_is_told_by_the_next_run_and_done_when_the_board_has_looked(
      InterruptionPoint interruptionPoint)
      throws IOException {
    try (RequestHoldingProxy proxy = interruptionPoint.proxy(RealPaperclip.url())) {
      AgentUnderTest agent = AgentUnderTest.behindProxy(proxy, "Prevented" + interruptionPoint, installedDistribution,
          RealPaperclip.url());
      proxy.awaitHeld();
      agent.process().destroyForcibly();
      proxy.cutConnection();
      agent.awaitRunEnd();

      agent.completeNextIssue();

      assertThat(agent.executions()).isZero();
      agent.assertDoneAfterBoardResolves("ended before the work had begun");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BEFORE_SUBTASK", "AFTER_SUBTASK", "BEFORE_STATUS", "AFTER_STATUS", "BEFORE_COST", "AFTER_COST"})
  void what_a_killed_process_has_left_is_finished_by_the_next_run(InterruptionPoint interruptionPoint)
      throws IOException {
    try (RequestHoldingProxy proxy = interruptionPoint.proxy(RealPaperclip.url())) {
      AgentUnderTest agent = AgentUnderTest.behindProxy(proxy, "Killed" + interruptionPoint, installedDistribution,
          RealPaperclip.url());
      proxy.awaitHeld();
      agent.process().destroyForcibly();
      proxy.cutConnection();
      agent.awaitRunEnd();

      agent.completeNextIssue();

      agent.assertDoneOnce();
      assertThat(agent.spentCents()).isEqualTo(interruptionPoint == InterruptionPoint.BEFORE_COST ? 10 : 20);
    }
  }

  @Test
  void a_process_that_is_killed_before_it_knows_its_task_leaves_the_issue_to_the_board() throws IOException {
    try (RequestHoldingProxy proxy = InterruptionPoint.BEFORE_IDENTITY.proxy(RealPaperclip.url())) {
      AgentUnderTest agent = AgentUnderTest.behindProxy(proxy, "KilledUnaware", installedDistribution,
          RealPaperclip.url());
      proxy.awaitHeld();
      agent.process().destroyForcibly();
      proxy.cutConnection();
      Await.until("the server has blocked the issue", agent::logs,
          () -> agent.boardClient.issueStatus(agent.issueId).equals("blocked"));
      assertThat(agent.comments()).isEmpty();
      assertThat(agent.executions()).isZero();

      agent.resolveRecovery();

      IssueAssertions.awaitSettled(agent.boardClient, agent.agentId, agent.issueId, "done");
      agent.assertDoneOnce();
    }
  }

  @Test
  void work_that_a_kill_has_cut_off_is_not_done_again_before_the_board_has_looked() throws IOException {
    Path go = installedDistribution.signalFile("go-after-kill");
    AgentUnderTest agent = AgentUnderTest.withScriptBeforeWork(AgentUnderTest.waitForFileScript(go), "KilledInTheWork",
        installedDistribution, RealPaperclip.url());
    agent.awaitWork();
    ProcessHandle process = agent.process();
    List<ProcessHandle> script = process.descendants().toList();
    process.destroyForcibly();
    Files.createFile(go);
    script.forEach(orphan -> orphan.onExit().join());
    agent.awaitRunEnd();

    agent.completeNextIssue();

    assertThat(agent.executions()).isEqualTo(1);
    agent.assertDoneAfterBoardResolves("ended during the work");
  }

  @ParameterizedTest
  @EnumSource
  void a_run_whose_connection_is_cut_ends_as_if_it_had_not_been(InterruptionPoint interruptionPoint)
      throws IOException {
    try (RequestHoldingProxy proxy = interruptionPoint.proxy(RealPaperclip.url())) {
      AgentUnderTest agent = AgentUnderTest.behindProxy(proxy, "Cut" + interruptionPoint, installedDistribution,
          RealPaperclip.url());
      proxy.awaitHeld();
      proxy.cutConnection();

      IssueAssertions.awaitSettled(agent.boardClient, agent.agentId, agent.issueId, "done");
      agent.assertDoneOnce();
      assertThat(agent.spentCents()).isEqualTo(interruptionPoint == InterruptionPoint.BEFORE_COST ? 0 : 10);
      IssueAssertions.assertRunsSucceededWithoutRecovery(agent.boardClient, agent.agentId, agent.issueId);
    }
  }

  @Test
  void an_issue_that_waits_for_an_answer_is_not_worked_again_however_often_the_agent_is_woken() throws IOException {
    AgentUnderTest agent = AgentUnderTest.withScriptBeforeWork("""
        echo '{"result": "blocked", "reason": "Which colour?", "unblock": {"question": {"prompt": "Red?"}}}' \\
          > "$HEARTBEAT_RESULT_FILE"
        exit
        """, "Woken", installedDistribution, RealPaperclip.url());
    IssueAssertions.awaitSettled(agent.boardClient, agent.agentId, agent.issueId, "blocked");

    for (int woken = 1; woken <= 4; woken++) {
      agent.boardClient.post("/agents/" + agent.agentId + "/wakeup",
          Map.of("source", "on_demand", "triggerDetail", "manual",
              "reason", "look_again", "payload", Map.of("issueId", agent.issueId)));
      IssueAssertions.awaitSettledAfter(1 + woken, agent.boardClient, agent.agentId, agent.issueId, "blocked");
    }

    assertThat(agent.executions()).as(agent::logs).isEqualTo(1);
    assertThat(agent.comments()).hasSize(1);
    assertThat(agent.boardClient.interactions(agent.issueId)).hasSize(1);
    IssueAssertions.assertRunsSucceededWithoutRecovery(agent.boardClient, agent.agentId, agent.issueId);
  }
}
