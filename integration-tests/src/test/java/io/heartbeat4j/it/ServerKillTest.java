package io.heartbeat4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A server of its own is killed while an agent stands at each step of a heartbeat. It stays away until the agents have
 * given up; then it is started again, and each agent is given another issue. docs/faults.md has a row for each.
 */
class ServerKillTest {

  /** So long a server that is killed keeps its runs from the next one, and one that is back before has to wait. */
  private static final Duration CLAIM = Duration.ofSeconds(60);

  @TempDir
  static Path directory;
  private static InstalledDistribution installedDistribution;
  private static Path server;
  private static String url;
  private static final Map<InterruptionPoint, RequestHoldingProxy> proxies = new EnumMap<>(InterruptionPoint.class);
  private static final Map<InterruptionPoint, AgentUnderTest> subjects = new EnumMap<>(InterruptionPoint.class);

  @BeforeAll
  static void kill() throws IOException {
    installedDistribution = new InstalledDistribution(directory);
    server = Files.createTempDirectory("paperclip-killed-");
    url = RealPaperclip.script("start", server.toString()).strip();
    for (InterruptionPoint interruptionPoint : InterruptionPoint.values()) {
      RequestHoldingProxy proxy = interruptionPoint.proxy(url);
      proxies.put(interruptionPoint, proxy);
      subjects.put(interruptionPoint,
          AgentUnderTest.behindProxy(proxy, "Server" + interruptionPoint, installedDistribution, url));
    }
    proxies.values().forEach(RequestHoldingProxy::awaitHeld);
    List<ProcessHandle> agents = subjects.values().stream().map(AgentUnderTest::process).toList();
    for (RequestHoldingProxy proxy : proxies.values()) {
      proxy.refuseConnections();
    }
    RealPaperclip.script("kill", server.toString());
    Instant claimed = Instant.now().plus(CLAIM);
    proxies.values().forEach(RequestHoldingProxy::cutConnection);
    agents.forEach(agent -> agent.onExit().orTimeout(3, TimeUnit.MINUTES).join());
    Await.until("the killed server's claim is over", Instant::now, () -> Instant.now().isAfter(claimed));
    RealPaperclip.script("restart", server.toString());
    for (RequestHoldingProxy proxy : proxies.values()) {
      proxy.acceptConnections();
    }
    subjects.values().forEach(AgentUnderTest::awaitRunEnd);
    subjects.values().forEach(AgentUnderTest::completeNextIssue);
  }

  @AfterAll
  static void remove() throws IOException {
    for (RequestHoldingProxy proxy : proxies.values()) {
      proxy.close();
    }
    RealPaperclip.script("clean", server.toString());
  }

  @ParameterizedTest
  @EnumSource(names = {"BEFORE_CHECKOUT", "AFTER_CHECKOUT", "BEFORE_CONTEXT"})
  void an_issue_whose_server_went_away_before_the_work_is_done_when_the_board_has_looked(
      InterruptionPoint interruptionPoint) {
    assertThat(at(interruptionPoint).executions()).isZero();
    at(interruptionPoint).assertDoneAfterBoardResolves("ended before the work had begun");
  }

  @ParameterizedTest
  @EnumSource(names = {"BEFORE_SUBTASK", "AFTER_SUBTASK", "BEFORE_STATUS", "AFTER_STATUS", "BEFORE_COST", "AFTER_COST"})
  void an_issue_whose_server_was_away_is_done_once(InterruptionPoint interruptionPoint) {
    at(interruptionPoint).assertDoneOnce();
    assertThat(at(interruptionPoint).spentCents())
        .isEqualTo(interruptionPoint == InterruptionPoint.BEFORE_COST ? 10 : 20);
  }

  @Test
  void an_issue_that_its_agent_had_not_read_when_the_server_went_away_is_left_to_the_board() {
    AgentUnderTest agent = at(InterruptionPoint.BEFORE_IDENTITY);
    assertThat(agent.comments()).isEmpty();
    assertThat(agent.executions()).isZero();

    agent.resolveRecovery();

    IssueAssertions.awaitSettled(agent.boardClient, agent.agentId, agent.issueId, "done");
    agent.assertDoneOnce();
  }

  @Test
  void a_run_waits_for_a_server_that_is_soon_back() throws IOException {
    try (RequestHoldingProxy proxy = InterruptionPoint.BEFORE_SUBTASK.proxy(url)) {
      AgentUnderTest agent = AgentUnderTest.behindProxy(proxy, "SoonBack", installedDistribution, url);
      proxy.awaitHeld();
      proxy.refuseConnections();
      RealPaperclip.script("kill", server.toString());
      proxy.cutConnection();
      RealPaperclip.script("restart", server.toString());
      proxy.acceptConnections();

      Await.until("the issue is done", agent::logs, () -> agent.boardClient.issueStatus(agent.issueId).equals("done"));
      Await.until("nothing is left to do", agent::logs, () -> agent.pendingLogFiles().isEmpty());

      agent.assertDoneOnce();
      assertThat(agent.boardClient.runs(agent.agentId)).hasSize(1);
    }
  }

  @Test
  void a_run_that_dies_with_its_server_is_finished_by_the_next_run_when_both_are_soon_back() throws IOException {
    try (RequestHoldingProxy proxy = InterruptionPoint.BEFORE_STATUS.proxy(url)) {
      AgentUnderTest agent = AgentUnderTest.behindProxy(proxy, "Reboot", installedDistribution, url);
      proxy.awaitHeld();
      ProcessHandle process = agent.process();
      RealPaperclip.script("kill", server.toString());
      process.destroyForcibly();
      proxy.cutConnection();
      RealPaperclip.script("restart", server.toString());
      agent.awaitRunEnd();
      assertThat(agent.boardClient.runs(agent.agentId)).singleElement()
          .extracting(run -> run.path("status").asText()).isEqualTo("interrupted");

      agent.completeNextIssue();

      agent.assertDoneOnce();
    }
  }

  private static AgentUnderTest at(InterruptionPoint interruptionPoint) {
    return Objects.requireNonNull(subjects.get(interruptionPoint));
  }
}
