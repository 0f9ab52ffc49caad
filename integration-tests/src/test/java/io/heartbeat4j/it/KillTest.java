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
class KillTest {

  @TempDir static Path directory;
  private static Distribution distribution;

  @BeforeAll
  static void install() throws IOException {
    distribution = new Distribution(directory);
  }

  @ParameterizedTest
  @EnumSource(names = {"BEFORE_CHECKOUT", "AFTER_CHECKOUT", "BEFORE_CONTEXT"})
  void work_that_a_kill_has_prevented_is_told_by_the_next_run_and_done_when_the_board_has_looked(Point point)
      throws IOException {
    try (HoldingProxy proxy = point.proxy(RealPaperclip.url())) {
      Subject subject = Subject.behind(proxy, "Prevented" + point, distribution, RealPaperclip.url());
      proxy.awaitHeld();
      subject.process().destroyForcibly();
      proxy.cut();
      subject.awaitEnd();

      subject.worksOnAnother();

      assertThat(subject.executions()).isZero();
      subject.isWorkedWhenTheBoardHasLooked("ended before the work had begun");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BEFORE_SUBTASK", "AFTER_SUBTASK", "BEFORE_STATUS", "AFTER_STATUS", "BEFORE_COST", "AFTER_COST"})
  void what_a_killed_process_has_left_is_finished_by_the_next_run(Point point) throws IOException {
    try (HoldingProxy proxy = point.proxy(RealPaperclip.url())) {
      Subject subject = Subject.behind(proxy, "Killed" + point, distribution, RealPaperclip.url());
      proxy.awaitHeld();
      subject.process().destroyForcibly();
      proxy.cut();
      subject.awaitEnd();

      subject.worksOnAnother();

      subject.isDoneOnce();
      assertThat(subject.cents()).isEqualTo(point == Point.BEFORE_COST ? 10 : 20);
    }
  }

  @Test
  void a_process_that_is_killed_before_it_knows_its_task_leaves_the_issue_to_the_board() throws IOException {
    try (HoldingProxy proxy = Point.BEFORE_IDENTITY.proxy(RealPaperclip.url())) {
      Subject subject = Subject.behind(proxy, "KilledUnaware", distribution, RealPaperclip.url());
      proxy.awaitHeld();
      subject.process().destroyForcibly();
      proxy.cut();
      Eventually.until("the server has blocked the issue", subject::logs, () -> subject.board.status(subject.issue).equals("blocked"));
      assertThat(subject.comments()).isEmpty();
      assertThat(subject.executions()).isZero();

      subject.resolveRecovery();

      Expect.settled(subject.board, subject.agent, subject.issue, "done");
      subject.isDoneOnce();
    }
  }

  @Test
  void work_that_a_kill_has_cut_off_is_not_done_again_before_the_board_has_looked() throws IOException {
    Path go = distribution.signal("go-after-kill");
    Subject subject = Subject.first(Subject.untilThereIs(go), "KilledInTheWork", distribution, RealPaperclip.url());
    subject.awaitWork();
    ProcessHandle process = subject.process();
    List<ProcessHandle> script = process.descendants().toList();
    process.destroyForcibly();
    Files.createFile(go);
    script.forEach(orphan -> orphan.onExit().join());
    subject.awaitEnd();

    subject.worksOnAnother();

    assertThat(subject.executions()).isEqualTo(1);
    subject.isWorkedWhenTheBoardHasLooked("ended while the work was under way");
  }

  @ParameterizedTest
  @EnumSource
  void a_run_whose_connection_is_cut_ends_as_if_it_had_not_been(Point point) throws IOException {
    try (HoldingProxy proxy = point.proxy(RealPaperclip.url())) {
      Subject subject = Subject.behind(proxy, "Cut" + point, distribution, RealPaperclip.url());
      proxy.awaitHeld();
      proxy.cut();

      Expect.settled(subject.board, subject.agent, subject.issue, "done");
      subject.isDoneOnce();
      assertThat(subject.cents()).isEqualTo(point == Point.BEFORE_COST ? 0 : 10);
      Expect.everyRunSucceededAndNothingNeedsRecovery(subject.board, subject.agent, subject.issue);
    }
  }

  @Test
  void an_issue_that_waits_for_an_answer_is_not_worked_again_however_often_the_agent_is_woken() throws IOException {
    Subject subject = Subject.first("""
        echo '{"result": "blocked", "reason": "Which colour?", "unblock": {"question": {"prompt": "Red?"}}}' \\
          > "$HEARTBEAT_RESULT_FILE"
        exit
        """, "Woken", distribution, RealPaperclip.url());
    Expect.settled(subject.board, subject.agent, subject.issue, "blocked");

    for (int woken = 1; woken <= 4; woken++) {
      subject.board.post("/agents/" + subject.agent + "/wakeup", Map.of("source", "on_demand", "triggerDetail", "manual",
          "reason", "look_again", "payload", Map.of("issueId", subject.issue)));
      Expect.settledBy(1 + woken, subject.board, subject.agent, subject.issue, "blocked");
    }

    assertThat(subject.executions()).as(subject::logs).isEqualTo(1);
    assertThat(subject.comments()).hasSize(1);
    assertThat(subject.board.cards(subject.issue)).hasSize(1);
    Expect.everyRunSucceededAndNothingNeedsRecovery(subject.board, subject.agent, subject.issue);
  }
}
