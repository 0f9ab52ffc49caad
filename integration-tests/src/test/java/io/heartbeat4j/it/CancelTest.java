package io.heartbeat4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The board cancels a run. docs/faults.md has a row for it. */
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
}
