package io.heartbeat4j.heartbeat.memory;

import static io.heartbeat4j.heartbeat.wal.DirectScheduler.now;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.heartbeat.memory.IssueMemory.ConflictRest;
import io.heartbeat4j.heartbeat.memory.IssueMemory.Repetition;
import io.heartbeat4j.heartbeat.memory.LastDisposition.WaitsFor;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.CompanyId;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.protocol.WakeReason;
import io.heartbeat4j.storage.FileStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is remembered of an issue outlives the process. */
class IssueMemoryTest {

  private static final Instant AT = Instant.parse("2026-01-01T10:00:00Z");
  private static final String ID = "11111111-2222-4333-8444-555555555555";
  private static final IssueId ISSUE = IssueId.of(ID);
  private static final LastDisposition BLOCKED = new LastDisposition(
      ISSUE, IssueStatus.BLOCKED, WaitsFor.ANSWER, null, false, null, null, RunId.of(ID), AT);
  private static final Repetition AGAIN = new Repetition(WakeReason.UNBLOCK_REQUESTED, 2, AT);

  @TempDir
  Path state;
  private final List<String> warnings = new ArrayList<>();

  private AgentMemory memory(String server) {
    return AgentMemory.of(new FileStorage(state, Runnable::run, Clock.systemUTC()), state, ServerUrl.of(server),
        CompanyId.of(ID), AgentId.of(ID), warnings::add);
  }

  private AgentMemory memory() {
    return memory("http://localhost:3100");
  }

  private static void remember(AgentMemory memory, UnaryOperator<IssueMemory> change) {
    AgentMemory.Stored before = now(memory.read(ISSUE));
    now(memory.append(ISSUE, before, change.apply(before.memory())));
  }

  @Test
  void disposition_repetition_and_rest_come_back_as_they_were() {
    IssueMemory whole = IssueMemory.NONE.with(BLOCKED).with(AGAIN).with(new ConflictRest(AT, WakeReason.ASSIGNED));

    remember(memory(), known -> whole);

    assertThat(now(memory().read(ISSUE)).memory()).isEqualTo(whole);
  }

  @Test
  void the_golden_file_is_read_and_written_as_on_the_first_day() throws IOException {
    IssueMemory whole = IssueMemory.NONE.with(BLOCKED).with(AGAIN).with(new ConflictRest(AT, WakeReason.ASSIGNED));
    Path golden = Path.of("src/test/resources/golden/issue-memory-1.jsonl");

    remember(memory(), known -> whole);
    assertThat(file()).hasSameTextualContentAs(golden);

    Files.copy(golden, file(), StandardCopyOption.REPLACE_EXISTING);
    assertThat(now(memory().read(ISSUE)).memory()).isEqualTo(whole);
  }

  @Test
  void a_memory_of_another_format_counts_as_none_and_is_said() throws IOException {
    remember(memory(), known -> known.with(BLOCKED));
    Files.writeString(file(), "{\"lastDisposition\":null,\"lastRepetition\":null,\"lastRest\":null}\n");

    assertThat(now(memory().read(ISSUE)).memory()).isEqualTo(IssueMemory.NONE);
    assertThat(warnings).singleElement().asString().contains("could not read", ISSUE.toString());
  }

  @Test
  void a_new_disposition_ends_the_rest_and_keeps_the_count() {
    IssueMemory left = IssueMemory.NONE.with(AGAIN).with(new ConflictRest(AT, null)).with(BLOCKED);

    assertThat(left.rest()).isEmpty();
    assertThat(left.repetition()).contains(AGAIN);
    assertThat(left.disposition()).contains(BLOCKED);
  }

  @Test
  void another_server_is_another_memory() {
    remember(memory(), known -> known.with(BLOCKED));

    assertThat(now(memory("http://localhost:3200").read(ISSUE)).memory()).isEqualTo(IssueMemory.NONE);
  }

  @Test
  void a_line_that_a_crash_has_torn_counts_as_not_written_and_the_next_one_stands_behind_it() throws IOException {
    remember(memory(), known -> known.with(BLOCKED));
    Files.writeString(file(), "{\"lastDispo", StandardOpenOption.APPEND);

    assertThat(now(memory().read(ISSUE)).memory()).isEqualTo(IssueMemory.NONE.with(BLOCKED));
    remember(memory(), known -> known.with(AGAIN));

    assertThat(now(memory().read(ISSUE)).memory()).isEqualTo(IssueMemory.NONE.with(BLOCKED).with(AGAIN));
    assertThat(warnings).isEmpty();
  }

  @Test
  void a_first_line_that_a_crash_has_torn_is_no_memory_and_no_trouble() throws IOException {
    remember(memory(), known -> known.with(BLOCKED));
    Files.writeString(file(), "{\"lastDispo");

    assertThat(now(memory().read(ISSUE)).memory()).isEqualTo(IssueMemory.NONE);
    assertThat(warnings).isEmpty();
  }

  @Test
  void a_file_that_has_grown_long_is_begun_anew_with_what_is_known_last() throws IOException {
    for (int times = 1; times <= 200; times++) {
      Repetition more = new Repetition(WakeReason.UNBLOCK_REQUESTED, times, AT);
      remember(memory(), known -> known.with(BLOCKED).with(more));
      assertThat(Files.size(file())).isLessThan(2 * AgentMemory.MAX_RECORD_BYTES);
    }

    assertThat(now(memory().read(ISSUE)).memory().repetition()).map(Repetition::times).contains(200);
    assertThat(now(memory().read(ISSUE)).memory().disposition()).contains(BLOCKED);
  }

  private Path file() throws IOException {
    try (var files = Files.walk(state)) {
      return files.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
  }

  @Test
  void a_memory_that_cannot_be_read_is_none_and_is_said_once() throws IOException {
    remember(memory(), known -> known.with(BLOCKED));
    Files.writeString(file(), "{ not json }\n");
    AgentMemory broken = memory();

    assertThat(now(broken.read(ISSUE)).memory()).isEqualTo(IssueMemory.NONE);
    assertThat(now(broken.read(ISSUE)).memory()).isEqualTo(IssueMemory.NONE);
    assertThat(warnings).singleElement().asString().contains("no memory of earlier heartbeats");
  }

  @Test
  void a_memory_that_cannot_be_written_is_said_once_and_the_heartbeat_goes_on() throws IOException {
    Path file = Files.createFile(state.resolve("a-file"));
    AgentMemory nowhere = AgentMemory.of(
        new FileStorage(file, Runnable::run, Clock.systemUTC()), file, ServerUrl.of("http://localhost:3100"),
        CompanyId.of(ID), AgentId.of(ID), warnings::add);

    remember(nowhere, known -> known.with(BLOCKED));
    remember(nowhere, known -> known.with(BLOCKED));

    assertThat(warnings).singleElement().asString().contains("HEARTBEAT_STATE_DIR");
  }
}
