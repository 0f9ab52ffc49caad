package io.heartbeat4j.heartbeat.wal;

import static io.heartbeat4j.heartbeat.wal.DirectScheduler.now;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.heartbeat.memory.AgentMemory;
import io.heartbeat4j.heartbeat.outcome.Disposition;
import io.heartbeat4j.heartbeat.outcome.WorkOutcome;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.storage.FaultyStorage;
import io.heartbeat4j.worker.Delegation;
import io.heartbeat4j.worker.UnblockCondition;
import io.heartbeat4j.worker.WorkResult;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A disk that is full or can't be written costs the journal, not the heartbeat; a loss of power costs what was not
 * flushed.
 */
class FailingDiskTest {

  private static final RunId RUN = RunId.of("11111111-2222-4333-8444-555555555555");
  private static final IssueId ISSUE = IssueId.of("11111111-2222-4333-8444-555555555556");
  private static final AgentId AGENT = AgentId.of("11111111-2222-4333-8444-555555555557");
  private static final WorkOutcome DONE = new WorkOutcome.Skipped(new Disposition.Close("Done."));

  private final List<String> warnings = new ArrayList<>();
  private final FaultyStorage disk = new FaultyStorage();
  private final WriteAheadLog log = new WriteAheadLogFactory(Redactor.of(List.of()), Clock.systemUTC())
      .forAgent(new AgentMemory(disk, Path.of("."), warnings::add), new DirectScheduler(Clock.systemUTC()));

  @Test
  void after_a_loss_of_power_it_is_known_that_the_work_had_begun() {
    LogEntry entry = now(log.begin(RUN, ISSUE, "ACM-1"));
    entry.recordSending(LogEntry.WORK, null);
    disk.losePower();

    assertThat(now(log.claimEntries())).singleElement().satisfies(found -> {
      assertThat(found.mayHaveSent(LogEntry.WORK)).isTrue();
      assertThat(found.isOnlyCheckedOut()).isFalse();
    });
  }

  @Test
  void after_a_loss_of_power_it_is_known_how_the_issue_was_to_be_left_and_with_which_words() {
    LogEntry entry = now(log.begin(RUN, ISSUE, "ACM-1"));
    entry.recordOutcome(DONE);
    entry.recordSending(LogEntry.STATUS, "Done.");
    entry.recordConfirmed(LogEntry.STATUS);
    disk.losePower();

    assertThat(now(log.claimEntries())).singleElement().satisfies(found -> {
      assertThat(found.outcome()).contains(DONE);
      assertThat(found.mayHaveSent(LogEntry.STATUS)).isTrue();
      assertThat(found.isConfirmed(LogEntry.STATUS)).isFalse();
    });
  }

  @Test
  void a_decision_that_begins_with_subtasks_survives_a_loss_of_power_by_itself() {
    WorkOutcome divided = new WorkOutcome.Returned(
        new WorkResult.Blocked("Wren does it.", new UnblockCondition.BySubtasks(),
            List.of(Delegation.to(AGENT, "The part", "All of it."))),
        List.of());
    LogEntry entry = now(log.begin(RUN, ISSUE, "ACM-1"));
    entry.recordOutcome(divided);
    disk.losePower();

    assertThat(now(log.claimEntries())).singleElement()
        .satisfies(found -> assertThat(found.outcome()).contains(divided));
  }

  @Test
  void an_unwritable_disk_is_said_once_and_the_entry_lives_in_memory() {
    disk.unwritable = true;
    disk.unreadable = true;

    LogEntry entry = now(log.begin(RUN, ISSUE, "ACM-1"));
    entry.recordOutcome(DONE);
    entry.recordSending("status", "Done.");
    entry.recordConfirmed("status");
    entry.delete();

    assertThat(now(log.claimEntries())).isEmpty();
    assertThat(entry.outcome()).contains(DONE);
    assertThat(entry.isConfirmed("status")).isTrue();
    assertThat(warnings).singleElement().asString()
        .contains("the write-ahead log can't be kept").contains("Permission denied").contains("HEARTBEAT_STATE_DIR");
  }

  @Test
  void a_disk_that_fills_up_is_said_once_and_once_there_is_room_again_the_lines_are_whole() {
    LogEntry entry = now(log.begin(RUN, ISSUE, "ACM-1"));
    disk.room = 1;
    entry.recordOutcome(DONE);
    entry.recordSending("status", "Done.");
    disk.room = Integer.MAX_VALUE;
    entry.recordConfirmed("status");
    entry.release();

    assertThat(warnings).singleElement().asString().contains("No space left on device");
    assertThat(now(log.claimEntries())).singleElement().satisfies(found -> {
      assertThat(found.isConfirmed("status")).isTrue();
      assertThat(found.outcome()).isEmpty();
    });
  }
}
