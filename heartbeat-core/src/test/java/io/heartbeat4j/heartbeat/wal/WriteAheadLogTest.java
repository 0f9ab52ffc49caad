package io.heartbeat4j.heartbeat.wal;

import static io.heartbeat4j.heartbeat.wal.DirectScheduler.now;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.heartbeat.memory.AgentMemory;
import io.heartbeat4j.heartbeat.outcome.Disposition;
import io.heartbeat4j.heartbeat.outcome.WorkOutcome;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.CompanyId;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.storage.FileStorage;
import io.heartbeat4j.storage.HostFileStorage;
import io.heartbeat4j.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a crash leaves on disk, and what the next process makes of it. */
class WriteAheadLogTest {

  private static final Instant NOW = Instant.parse("2026-01-31T10:00:00Z");
  private static final WorkOutcome DONE = new WorkOutcome.Skipped(new Disposition.Close("Done."));
  private static final String SOME = "11111111-2222-4333-8444-555555555555";

  @TempDir
  Path state;
  private final List<String> warnings = new ArrayList<>();

  private WriteAheadLog journal(Instant now) {
    return journal(now, new FileStorage(state, Runnable::run, Clock.fixed(now, ZoneOffset.UTC)));
  }

  private WriteAheadLog journal(Storage storage) {
    return journal(NOW, storage);
  }

  private WriteAheadLog journal(Instant now, Storage storage) {
    AgentMemory memory = AgentMemory.of(
        storage, state, ServerUrl.of("http://localhost:3100"), CompanyId.of(SOME), AgentId.of(SOME), warnings::add);
    Clock clock = Clock.fixed(now, ZoneOffset.UTC);
    return new WriteAheadLogFactory(Redactor.of(List.of()), clock).forAgent(memory, new DirectScheduler(clock));
  }

  private HostFileStorage host() throws IOException {
    return HostFileStorage.open(state, List.of(WriteAheadLog.FOLDER), Runnable::run, Clock.systemUTC());
  }

  private WriteAheadLog journal() {
    return journal(NOW);
  }

  @Test
  void what_a_host_has_not_settled_is_found_by_the_next_host() throws IOException {
    HostFileStorage first = host();
    LogEntry left = begin(journal(first), "ACM-1");
    now(left.recordSending(LogEntry.WORK, null));
    assertThat(files()).isEmpty();
    now(first.close());

    HostFileStorage second = host();
    assertThat(now(journal(second).runsWithEntries())).containsExactly(left.run());
    assertThat(now(journal(second).claimEntries())).singleElement().satisfies(found -> {
      assertThat(found.mayHaveSent(LogEntry.WORK)).isTrue();
      now(found.delete());
    });
    now(second.close());

    HostFileStorage third = host();
    assertThat(now(journal(third).claimEntries())).isEmpty();
    now(third.close());
  }

  @Test
  void what_a_host_has_not_settled_becomes_a_file_for_a_run_without_a_host() throws IOException {
    HostFileStorage host = host();
    LogEntry left = begin(journal(host), "ACM-1");
    now(left.recordOutcome(DONE));
    HostFileStorage.separate(state, WriteAheadLog.FOLDER, Clock.systemUTC());
    assertThat(files()).as("while the host lives").isEmpty();
    now(host.close());

    HostFileStorage.separate(state, WriteAheadLog.FOLDER, Clock.systemUTC());

    assertThat(files()).hasSize(1);
    assertThat(now(journal().claimEntries())).singleElement().satisfies(found -> {
      assertThat(found.label()).isEqualTo("ACM-1");
      assertThat(found.outcome()).contains(DONE);
    });
  }

  @Test
  void an_entry_that_a_host_releases_can_be_claimed_again_and_one_that_it_settles_leaves_nothing() throws IOException {
    HostFileStorage host = host();
    LogEntry kept = begin(journal(host), "ACM-1");
    now(begin(journal(host), "ACM-2").delete());
    now(kept.recordOutcome(DONE));
    assertThat(now(journal(host).claimEntries())).isEmpty();
    now(kept.release());

    assertThat(now(journal(host).claimEntries())).singleElement().satisfies(found -> {
      assertThat(found.label()).isEqualTo("ACM-1");
      assertThat(found.outcome()).contains(DONE);
      now(found.release());
    });
    now(host.close());
  }

  private static LogEntry begin(WriteAheadLog log, String label) {
    return now(log.begin(RunId.of(UUID.randomUUID().toString()), IssueId.of(UUID.randomUUID().toString()), label));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(state)) {
      return all.filter(file -> Files.isRegularFile(file) && file.toString().contains("/journal/")
          && !file.toString().contains("_segments")).toList();
    }
  }

  private Path file() throws IOException {
    assertThat(files()).hasSize(1);
    return files().get(0);
  }

  @Test
  void what_a_process_leaves_is_found_by_the_next_with_all_that_it_noted() {
    LogEntry left = begin(journal(), "ACM-1");
    left.recordOutcome(DONE);
    left.recordSending("status", "Done.");
    left.release();

    assertThat(now(journal().claimEntries())).singleElement().satisfies(found -> {
      assertThat(found.run()).isEqualTo(left.run());
      assertThat(found.issue()).isEqualTo(left.issue());
      assertThat(found.label()).isEqualTo("ACM-1");
      assertThat(found.startedAt()).isEqualTo(NOW);
      assertThat(found.outcome()).contains(DONE);
      assertThat(found.mayHaveSent("status")).isTrue();
      assertThat(found.isConfirmed("status")).isFalse();
    });
  }

  @Test
  void what_is_settled_leaves_nothing() throws IOException {
    begin(journal(), "ACM-1").delete();

    assertThat(now(journal().claimEntries())).isEmpty();
    assertThat(files()).isEmpty();
  }

  @Test
  void a_write_that_was_not_sent_after_all_may_be_sent() {
    LogEntry entry = begin(journal(), "ACM-1");
    entry.recordSending("cost:0", null);
    assertThat(entry.mayHaveSent("cost:0")).isTrue();

    entry.recordNotSent("cost:0");
    assertThat(entry.mayHaveSent("cost:0")).isFalse();

    entry.recordSending("cost:0", null);
    entry.release();
    assertThat(now(journal().claimEntries())).singleElement()
        .satisfies(found -> assertThat(found.mayHaveSent("cost:0")).isTrue());
  }

  @Test
  void a_torn_last_line_counts_as_not_written_and_what_follows_starts_on_a_new_line() throws IOException {
    LogEntry left = begin(journal(), "ACM-1");
    left.recordOutcome(DONE);
    left.release();
    Files.writeString(file(), "{\"type\":\"record.confirmed/1\",\"at\":\"2026-01", StandardOpenOption.APPEND);

    LogEntry found = now(journal().claimEntries()).get(0);
    assertThat(found.records()).hasSize(2);
    found.recordConfirmed("status");
    found.release();

    assertThat(now(journal().claimEntries())).singleElement().satisfies(again -> {
      assertThat(again.records()).hasSize(3);
      assertThat(again.isConfirmed("status")).isTrue();
    });
  }

  @Test
  void an_entry_whose_first_line_is_torn_is_dropped_for_nothing_had_been_sent() throws IOException {
    begin(journal(), "ACM-1").release();
    String whole = Files.readString(file());
    Files.writeString(file(), whole.substring(0, whole.length() / 2));

    assertThat(now(journal().claimEntries())).isEmpty();
    assertThat(files()).isEmpty();
    assertThat(warnings).isEmpty();
  }

  @Test
  void an_entry_of_another_format_is_set_aside_and_said_in_one_line() throws IOException {
    begin(journal(), "ACM-1").release();
    String old = "{\"is\":\"Taken\",\"at\":\"2026-01-31T10:00:00Z\"}\n";
    Path file = file();
    Files.writeString(file, old);

    assertThat(now(journal().claimEntries())).isEmpty();

    assertThat(file).doesNotExist();
    assertThat(warnings).singleElement().asString().contains(file.toString(), "set-aside");
    try (Stream<Path> all = Files.walk(state)) {
      assertThat(all.filter(Files::isRegularFile)).singleElement().satisfies(kept -> assertThat(kept).hasContent(old));
    }
  }

  @Test
  void a_person_can_read_it() throws IOException {
    LogEntry entry = begin(journal(), "ACM-1");
    entry.recordOutcome(DONE);
    entry.release();

    assertThat(Files.readAllLines(file())).satisfiesExactly(
        first -> assertThat(first).contains("\"type\":\"record.checkout/1\"").contains("ACM-1")
            .contains("2026-01-31T10:00:00Z"),
        second -> assertThat(second).contains("\"type\":\"record.outcome/1\"").contains("Done."));
  }

  @Test
  void an_entry_in_hand_is_left_out_until_it_is_given_back() {
    LogEntry held = begin(journal(), "ACM-1");

    assertThat(now(journal().claimEntries())).isEmpty();

    held.release();
    assertThat(now(journal().claimEntries())).hasSize(1);
  }

  @Test
  void what_is_older_than_thirty_days_is_dropped_and_said_once() throws IOException {
    begin(journal(NOW.minus(Duration.ofDays(31))), "ACM-1").release();
    begin(journal(NOW.minus(Duration.ofDays(40))), "ACM-2").release();
    begin(journal(NOW.minus(Duration.ofDays(29))), "ACM-3").release();

    assertThat(now(journal().claimEntries())).extracting(LogEntry::label).containsExactly("ACM-3");

    assertThat(files()).hasSize(1);
    assertThat(warnings).singleElement().asString().contains("ACM-2").contains("older than 30 days");
  }

  @Test
  void of_too_many_the_newest_are_kept() throws IOException {
    for (int i = 0; i < WriteAheadLog.MAX_ENTRIES + 3; i++) {
      begin(journal(NOW.minusSeconds(i)), "ACM-" + i).release();
    }

    List<LogEntry> found = now(journal().claimEntries());

    assertThat(found).hasSize(WriteAheadLog.MAX_ENTRIES);
    assertThat(found.get(found.size() - 1).label()).isEqualTo("ACM-0");
    assertThat(found).extracting(LogEntry::label).doesNotContain("ACM-" + (WriteAheadLog.MAX_ENTRIES + 2));
    assertThat(files()).hasSize(WriteAheadLog.MAX_ENTRIES);
    assertThat(warnings).singleElement().asString().contains("more than " + WriteAheadLog.MAX_ENTRIES);
    found.forEach(LogEntry::release);
  }
}
