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
    Distribution distribution = new Distribution(directory);
    Path never = distribution.signal("never");
    Subject subject = Subject.first(Subject.untilThereIs(never), "Cancelled", distribution, RealPaperclip.url());
    subject.awaitWork();

    String run = subject.board.runs(subject.agent).get(0).path("id").asText();
    subject.board.post("/heartbeat-runs/" + run + "/cancel", Map.of());

    subject.awaitEnd();
    assertThat(subject.comments()).as(subject::logs).singleElement().asString()
        .contains("the work was cut short").contains("recovery notice");
    assertThat(subject.board.status(subject.issue)).isEqualTo("blocked");
    assertThat(subject.board.cards(subject.issue)).hasSize(1);
    assertThat(subject.executions()).isEqualTo(1);
    assertThat(subject.journal()).isEmpty();
  }

  @Test
  void a_run_whose_issue_is_paused_says_so_and_is_worked_again_after_the_pause(@TempDir Path directory) throws IOException {
    Distribution distribution = new Distribution(directory);
    Path go = distribution.signal("go");
    Subject subject = Subject.first(Subject.untilThereIs(go), "Paused", distribution, RealPaperclip.url());
    subject.awaitWork();

    String hold = subject.board.post(
        "/issues/" + subject.issue + "/tree-holds", Map.of("mode", "pause", "reason", "not now")).at("/hold/id").asText();

    subject.awaitEnd();
assertThat(subject.comments()).as(subject::logs).singleElement().asString().contains("the work was cut short");
    assertThat(subject.board.status(subject.issue)).isEqualTo("blocked");
    assertThat(subject.board.cards(subject.issue)).hasSize(1);
    assertThat(subject.journal()).isEmpty();

    subject.board.post("/issues/" + subject.issue + "/tree-holds/" + hold + "/release", Map.of());
    Files.writeString(go, "go");
    subject.resolveRecovery();

    Expect.settled(subject.board, subject.agent, subject.issue, "done");
    assertThat(subject.executions()).isEqualTo(2);
  }
}
