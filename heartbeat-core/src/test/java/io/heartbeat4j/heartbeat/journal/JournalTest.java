package io.heartbeat4j.heartbeat.journal;

import static io.heartbeat4j.heartbeat.journal.Direct.now;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.heartbeat.Disposition;
import io.heartbeat4j.heartbeat.redact.Redactor;
import io.heartbeat4j.heartbeat.state.AgentMemory;
import io.heartbeat4j.heartbeat.state.Ledger;
import io.heartbeat4j.heartbeat.state.StateDirectory;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.CompanyId;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.RunId;
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
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a crash leaves on disk, and what the next process makes of it. */
class JournalTest {

  private static final Instant NOW = Instant.parse("2026-01-31T10:00:00Z");
  private static final Decision DONE = new Decision.ByPolicy(new Disposition.Close("Done."));
  private static final String SOME = "11111111-2222-4333-8444-555555555555";

  @TempDir Path state;
  private final List<String> warnings = new ArrayList<>();

  private Journal journal(Instant now) {
    return journal(now, Optional.empty());
  }

  private Journal journal(Ledger ledger) {
    return journal(NOW, Optional.of(ledger));
  }

  private Journal journal(Instant now, Optional<Ledger> ledger) {
    AgentMemory memory = StateDirectory.of(
        state, ServerUrl.of("http://localhost:3100"), CompanyId.of(SOME), AgentId.of(SOME), warnings::add);
    Clock clock = Clock.fixed(now, ZoneOffset.UTC);
    return new Journals(Redactor.of(List.of()), clock, ledger).of(memory, new Direct(clock));
  }

  private Journal journal() {
    return journal(NOW);
  }

  @Test
  void what_a_host_has_in_hand_is_found_by_another_as_soon_as_it_is_gone() throws IOException {
    Ledger first = Ledger.open(state, Runnable::run);
    Ledger second = Ledger.open(state, Runnable::run);
    Entry left = begin(journal(first), "ACM-1");
    now(left.sending(Entry.WORK, null));
    assertThat(files()).isEmpty();
    now(first.close());

    assertThat(now(journal(second).runs())).containsExactly(left.run());
    assertThat(now(journal(second).unfinished())).singleElement().satisfies(found -> {
      assertThat(found.mayHaveSent(Entry.WORK)).isTrue();
      now(found.clear());
    });

    assertThat(files()).isEmpty();
    now(second.close());
  }

  @Test
  void what_a_host_gives_back_is_a_file_and_what_it_settles_leaves_nothing() throws IOException {
    Ledger ledger = Ledger.open(state, Runnable::run);
    Entry kept = begin(journal(ledger), "ACM-1");
    now(begin(journal(ledger), "ACM-2").clear());
    now(kept.decided(DONE));
    now(kept.close());

    assertThat(files()).hasSize(1);
    assertThat(now(journal(ledger).unfinished())).singleElement().satisfies(found -> {
      assertThat(found.label()).isEqualTo("ACM-1");
      assertThat(found.decision()).contains(DONE);
      now(found.close());
    });
    now(ledger.close());
  }

  private static Entry begin(Journal journal, String label) {
    return now(journal.begin(RunId.of(UUID.randomUUID().toString()), IssueId.of(UUID.randomUUID().toString()), label));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(state)) {
      return all.filter(file -> Files.isRegularFile(file) && file.toString().contains("/journal/")).toList();
    }
  }

  private Path file() throws IOException {
    assertThat(files()).hasSize(1);
    return files().get(0);
  }

  @Test
  void what_a_process_leaves_is_found_by_the_next_with_all_that_it_noted() {
    Entry left = begin(journal(), "ACM-1");
    left.decided(DONE);
    left.sending("status", "Done.");
    left.close();

    assertThat(now(journal().unfinished())).singleElement().satisfies(found -> {
      assertThat(found.run()).isEqualTo(left.run());
      assertThat(found.issue()).isEqualTo(left.issue());
      assertThat(found.label()).isEqualTo("ACM-1");
      assertThat(found.since()).isEqualTo(NOW);
      assertThat(found.decision()).contains(DONE);
      assertThat(found.mayHaveSent("status")).isTrue();
      assertThat(found.isConfirmed("status")).isFalse();
    });
  }

  @Test
  void what_is_settled_leaves_nothing() throws IOException {
    begin(journal(), "ACM-1").clear();

    assertThat(now(journal().unfinished())).isEmpty();
    assertThat(files()).isEmpty();
  }

  @Test
  void a_write_that_was_not_sent_after_all_may_be_sent() {
    Entry entry = begin(journal(), "ACM-1");
    entry.sending("cost:0", null);
    assertThat(entry.mayHaveSent("cost:0")).isTrue();

    entry.notSent("cost:0");
    assertThat(entry.mayHaveSent("cost:0")).isFalse();

    entry.sending("cost:0", null);
    entry.close();
    assertThat(now(journal().unfinished())).singleElement().satisfies(found ->
        assertThat(found.mayHaveSent("cost:0")).isTrue());
  }

  @Test
  void a_torn_last_line_counts_as_not_written_and_what_follows_starts_on_a_new_line() throws IOException {
    Entry left = begin(journal(), "ACM-1");
    left.decided(DONE);
    left.close();
    Files.writeString(file(), "{\"is\":\"Confirmed\",\"at\":\"2026-01", StandardOpenOption.APPEND);

    Entry found = now(journal().unfinished()).get(0);
    assertThat(found.lines()).hasSize(2);
    found.confirmed("status");
    found.close();

    assertThat(now(journal().unfinished())).singleElement().satisfies(again -> {
      assertThat(again.lines()).hasSize(3);
      assertThat(again.isConfirmed("status")).isTrue();
    });
  }

  @Test
  void an_entry_whose_first_line_is_torn_is_dropped_for_nothing_had_been_sent() throws IOException {
    begin(journal(), "ACM-1").close();
    String whole = Files.readString(file());
    Files.writeString(file(), whole.substring(0, whole.length() / 2));

    assertThat(now(journal().unfinished())).isEmpty();
    assertThat(files()).isEmpty();
    assertThat(warnings).isEmpty();
  }

  @Test
  void a_person_can_read_it() throws IOException {
    Entry entry = begin(journal(), "ACM-1");
    entry.decided(DONE);
    entry.close();

    assertThat(Files.readAllLines(file())).satisfiesExactly(
        first -> assertThat(first).contains("\"is\":\"Taken\"").contains("ACM-1").contains("2026-01-31T10:00:00Z"),
        second -> assertThat(second).contains("\"is\":\"Decided\"").contains("Done."));
  }

  @Test
  void an_entry_in_hand_is_left_out_until_it_is_given_back() {
    Entry held = begin(journal(), "ACM-1");

    assertThat(now(journal().unfinished())).isEmpty();

    held.close();
    assertThat(now(journal().unfinished())).hasSize(1);
  }

  @Test
  void what_is_older_than_thirty_days_is_dropped_and_said_once() throws IOException {
    begin(journal(NOW.minus(Duration.ofDays(31))), "ACM-1").close();
    begin(journal(NOW.minus(Duration.ofDays(40))), "ACM-2").close();
    begin(journal(NOW.minus(Duration.ofDays(29))), "ACM-3").close();

    assertThat(now(journal().unfinished())).extracting(Entry::label).containsExactly("ACM-3");

    assertThat(files()).hasSize(1);
    assertThat(warnings).singleElement().asString().contains("ACM-2").contains("older than 30 days");
  }

  @Test
  void of_too_many_the_newest_are_kept() throws IOException {
    for (int i = 0; i < Journal.MOST + 3; i++) {
      begin(journal(NOW.minusSeconds(i)), "ACM-" + i).close();
    }

    List<Entry> found = now(journal().unfinished());

    assertThat(found).hasSize(Journal.MOST);
    assertThat(found.get(found.size() - 1).label()).isEqualTo("ACM-0");
    assertThat(found).extracting(Entry::label).doesNotContain("ACM-" + (Journal.MOST + 2));
    assertThat(files()).hasSize(Journal.MOST);
    assertThat(warnings).singleElement().asString().contains("more than " + Journal.MOST);
    found.forEach(Entry::close);
  }
}
