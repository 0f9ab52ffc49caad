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

  @TempDir static Path directory;
  private static Distribution distribution;
  private static Path server;
  private static String url;
  private static final Map<Point, HoldingProxy> proxies = new EnumMap<>(Point.class);
  private static final Map<Point, Subject> subjects = new EnumMap<>(Point.class);

  @BeforeAll
  static void kill() throws IOException {
    distribution = new Distribution(directory);
    server = Files.createTempDirectory("paperclip-killed-");
    url = RealPaperclip.script("start", server.toString()).strip();
    for (Point point : Point.values()) {
      HoldingProxy proxy = point.proxy(url);
      proxies.put(point, proxy);
      subjects.put(point, Subject.behind(proxy, "Server" + point, distribution, url));
    }
    proxies.values().forEach(HoldingProxy::awaitHeld);
    List<ProcessHandle> agents = subjects.values().stream().map(Subject::process).toList();
    for (HoldingProxy proxy : proxies.values()) {
      proxy.refuse();
    }
    RealPaperclip.script("kill", server.toString());
    Instant claimed = Instant.now().plus(CLAIM);
    proxies.values().forEach(HoldingProxy::cut);
    agents.forEach(agent -> agent.onExit().orTimeout(3, TimeUnit.MINUTES).join());
    Eventually.until("the killed server's claim is over", Instant::now, () -> Instant.now().isAfter(claimed));
    RealPaperclip.script("restart", server.toString());
    for (HoldingProxy proxy : proxies.values()) {
      proxy.accept();
    }
    subjects.values().forEach(Subject::awaitEnd);
    subjects.values().forEach(Subject::worksOnAnother);
  }

  @AfterAll
  static void remove() throws IOException {
    for (HoldingProxy proxy : proxies.values()) {
      proxy.close();
    }
    RealPaperclip.script("clean", server.toString());
  }

  @ParameterizedTest
  @EnumSource(names = {"BEFORE_CHECKOUT", "AFTER_CHECKOUT", "BEFORE_CONTEXT"})
  void an_issue_whose_server_went_away_before_the_work_is_done_when_the_board_has_looked(Point point) {
    assertThat(at(point).executions()).isZero();
    at(point).isWorkedWhenTheBoardHasLooked("ended before the work had begun");
  }

  @ParameterizedTest
  @EnumSource(names = {"BEFORE_SUBTASK", "AFTER_SUBTASK", "BEFORE_STATUS", "AFTER_STATUS", "BEFORE_COST", "AFTER_COST"})
  void an_issue_whose_server_was_away_is_done_once(Point point) {
    at(point).isDoneOnce();
    assertThat(at(point).cents()).isEqualTo(point == Point.BEFORE_COST ? 10 : 20);
  }

  @Test
  void an_issue_that_its_agent_had_not_read_when_the_server_went_away_is_left_to_the_board() {
    Subject subject = at(Point.BEFORE_IDENTITY);
    assertThat(subject.comments()).isEmpty();
    assertThat(subject.executions()).isZero();

    subject.resolveRecovery();

    Expect.settled(subject.board, subject.agent, subject.issue, "done");
    subject.isDoneOnce();
  }

  @Test
  void a_run_waits_for_a_server_that_is_soon_back() throws IOException {
    try (HoldingProxy proxy = Point.BEFORE_SUBTASK.proxy(url)) {
      Subject subject = Subject.behind(proxy, "SoonBack", distribution, url);
      proxy.awaitHeld();
      proxy.refuse();
      RealPaperclip.script("kill", server.toString());
      proxy.cut();
      RealPaperclip.script("restart", server.toString());
      proxy.accept();

      Eventually.until("the issue is done", subject::logs, () -> subject.board.status(subject.issue).equals("done"));
      Eventually.until("nothing is left to do", subject::logs, () -> subject.journal().isEmpty());

      subject.isDoneOnce();
      assertThat(subject.board.runs(subject.agent)).hasSize(1);
    }
  }

  @Test
  void a_run_that_dies_with_its_server_is_finished_by_the_next_run_when_both_are_soon_back() throws IOException {
    try (HoldingProxy proxy = Point.BEFORE_STATUS.proxy(url)) {
      Subject subject = Subject.behind(proxy, "Reboot", distribution, url);
      proxy.awaitHeld();
      ProcessHandle process = subject.process();
      RealPaperclip.script("kill", server.toString());
      process.destroyForcibly();
      proxy.cut();
      RealPaperclip.script("restart", server.toString());
      subject.awaitEnd();
      assertThat(subject.board.runs(subject.agent)).singleElement()
          .extracting(run -> run.path("status").asText()).isEqualTo("interrupted");

      subject.worksOnAnother();

      subject.isDoneOnce();
    }
  }

  private static Subject at(Point point) {
    return Objects.requireNonNull(subjects.get(point));
  }
}
