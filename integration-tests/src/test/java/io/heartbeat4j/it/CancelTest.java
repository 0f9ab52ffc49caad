package io.heartbeat4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The board cancels a run, or pauses its issue. docs/faults.md has a row for each. */
@Isolated("the server kills the agent 15 s later, whatever else the machine does")
class CancelTest {

  @Test
  void a_cancelled_run_says_so_within_the_grace_period(@TempDir Path directory) throws IOException {
    InstalledDistribution installedDistribution = new InstalledDistribution(directory);
    Path never = installedDistribution.signalFile("never");
    AgentUnderTest agent = AgentUnderTest.withScriptBeforeWork(AgentUnderTest.waitForFileScript(never), "Cancelled",
        installedDistribution, RealPaperclip.url());
    agent.awaitWork();

    String run = agent.boardClient.runs(agent.agentId).get(0).path("id").asText();
    agent.boardClient.post("/heartbeat-runs/" + run + "/cancel", Map.of());

    agent.awaitRunEnd();
    assertThat(agent.comments()).as(agent::logs).singleElement().asString()
        .contains("the board may have cancelled the run or paused the issue").contains("recovery notice");
    assertThat(agent.boardClient.issueStatus(agent.issueId)).isEqualTo("blocked");
    assertThat(agent.boardClient.interactions(agent.issueId)).hasSize(1);
    assertThat(agent.executions()).isEqualTo(1);
    assertThat(agent.pendingLogFiles()).isEmpty();
  }

  @Test
  void a_run_whose_issue_is_paused_says_so_and_is_worked_again_after_the_pause(@TempDir Path directory)
      throws IOException {
    InstalledDistribution installedDistribution = new InstalledDistribution(directory);
    Path go = installedDistribution.signalFile("go");
    AgentUnderTest agent = AgentUnderTest.withScriptBeforeWork(AgentUnderTest.waitForFileScript(go), "Paused",
        installedDistribution, RealPaperclip.url());
    agent.awaitWork();

    String hold = agent.boardClient.post(
        "/issues/" + agent.issueId + "/tree-holds", Map.of("mode", "pause", "reason", "not now")).at("/hold/id")
        .asText();

    agent.awaitRunEnd();
    assertThat(agent.comments()).as(agent::logs).singleElement().asString()
        .contains("the board may have cancelled the run or paused the issue");
    assertThat(agent.boardClient.issueStatus(agent.issueId)).isEqualTo("blocked");
    assertThat(agent.boardClient.interactions(agent.issueId)).hasSize(1);
    assertThat(agent.pendingLogFiles()).isEmpty();

    agent.boardClient.post("/issues/" + agent.issueId + "/tree-holds/" + hold + "/release", Map.of());
    Files.writeString(go, "go");
    agent.resolveRecovery();

    IssueAssertions.awaitSettled(agent.boardClient, agent.agentId, agent.issueId, "done");
    assertThat(agent.executions()).isEqualTo(2);
  }
}
