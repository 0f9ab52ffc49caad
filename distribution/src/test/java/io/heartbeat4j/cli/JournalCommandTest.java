package io.heartbeat4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.client.Scheduler;
import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.embedded.EmbeddedOptions;
import io.heartbeat4j.embedded.EmbeddedPaperclip;
import io.heartbeat4j.heartbeat.memory.AgentMemory;
import io.heartbeat4j.heartbeat.outcome.WorkOutcome;
import io.heartbeat4j.heartbeat.wal.LogEntry;
import io.heartbeat4j.heartbeat.wal.WriteAheadLog;
import io.heartbeat4j.heartbeat.wal.WriteAheadLogFactory;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.CompanyId;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.storage.FileStorage;
import io.heartbeat4j.storage.HostFileStorage;
import io.heartbeat4j.storage.Storage;
import io.heartbeat4j.worker.WorkResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What an operator sees of a crash, and how it is mended by hand. */
class JournalCommandTest {

  private static final String ID = "11111111-2222-4333-8444-555555555555";
  private static final WorkResult RESULT = new WorkResult.Done("What I found.");

  @TempDir
  Path state;
  private final Vertx vertx = Vertx.vertx();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private int heartbeat(Map<String, String> more, String... args) {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("HEARTBEAT_STATE_DIR", state.toString());
    CommandLine line = HeartbeatCommand.commandLine(environment);
    line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return line.execute(args);
  }

  private Future<LogEntry> begin(String server, String company, String agent, String run, String issue) {
    return begin(new FileStorage(state, Runnable::run, Clock.systemUTC()), server, company, agent, run, issue);
  }

  private Future<LogEntry> begin(
      Storage storage, String server, String company, String agent, String run, String issue) {
    Clock clock = Clock.systemUTC();
    return new WriteAheadLogFactory(Redactor.of(List.of()), clock).forAgent(AgentMemory.of(
        storage, state, ServerUrl.of(server), CompanyId.of(company), AgentId.of(agent), warning -> {}),
        Scheduler.of(vertx, clock))
        .begin(RunId.of(run), IssueId.of(issue), "ACM-1");
  }

  private LogEntry begin() {
    return await(begin("http://localhost:3100", ID, ID, ID, ID));
  }

  private static Future<Void> decided(LogEntry entry) {
    return noted(entry).compose(noted -> entry.release());
  }

  private static Future<Void> noted(LogEntry entry) {
    return entry.recordOutcome(new WorkOutcome.Returned(RESULT, List.of()));
  }

  private HostFileStorage host() {
    try {
      return HostFileStorage.open(state, List.of(WriteAheadLog.FOLDER), Runnable::run, Clock.systemUTC());
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  private List<Path> journals() throws IOException {
    try (Stream<Path> files = Files.walk(state)) {
      return files.filter(file -> Files.isRegularFile(file) && file.toString().contains("/journal/")
          && !file.toString().contains("_segments")).toList();
    }
  }

  @Test
  void where_nothing_is_pending_it_says_so() {
    assertThat(heartbeat(Map.of(), "journal")).isZero();

    assertThat(out.toString()).contains("Nothing is pending").contains(state.toString());
  }

  @Test
  void an_entry_is_explained_and_left_as_it_is() throws IOException {
    LogEntry entry = begin();
    await(entry.recordSending("work", null));
    await(entry.recordOutcome(new WorkOutcome.Returned(RESULT, List.of())));
    await(entry.recordSending("status", "What I found."));
    await(entry.release());
    String before = Files.readString(journals().get(0));

    assertThat(heartbeat(Map.of(), "journal")).isZero();

    assertThat(out.toString())
        .contains("ACM-1 of agent " + ID).contains("server localhost_3100")
        .contains("requested the checkout of ACM-1").contains("the worker was called")
        .contains("the worker returned done")
        .contains("about to send: the status, with its comment").contains("next: the status may have arrived");
    assertThat(Files.readString(journals().get(0))).isEqualTo(before);
  }

  @Test
  void work_that_was_cut_off_is_told_apart_from_work_that_had_not_begun() {
    await(begin().release());
    assertThat(heartbeat(Map.of(), "journal")).isZero();
    assertThat(out.toString()).contains("next: the work had not started");

    LogEntry again = begin();
    await(again.recordSending("work", null));
    await(again.release());
    assertThat(heartbeat(Map.of(), "journal")).isZero();
    assertThat(out.toString()).contains("next: the work was interrupted");
  }

  @Test
  void a_machine_gets_one_object_a_line() throws IOException {
    await(decided(begin()));

    assertThat(heartbeat(Map.of(), "journal", "--json")).isZero();

    assertThat(out.toString().lines()).hasSize(1);
    JsonNode object = ProtocolJson.mapper().readTree(out.toString());
    assertThat(object.path("label").asText()).isEqualTo("ACM-1");
    assertThat(object.path("decided").asBoolean()).isTrue();
    assertThat(object.path("history")).hasSize(2);
    assertThat(object.path("next").asText()).contains("nothing is worked again");
  }

  @Test
  void a_machine_gets_nothing_where_nothing_is_pending() {
    assertThat(heartbeat(Map.of(), "journal", "--json")).isZero();

    assertThat(out.toString()).isEmpty();
  }

  @Test
  void what_a_host_has_not_settled_is_shown_and_left_alone() throws IOException {
    HostFileStorage host = host();
    await(begin(host, "http://localhost:3100", ID, ID, ID, ID).compose(JournalCommandTest::noted));

    assertThat(heartbeat(Map.of(), "journal")).isZero();

    assertThat(out.toString()).contains("ACM-1 of agent " + ID).contains("the worker returned done")
        .contains("in " + state).contains("/journal/");
    assertThat(journals()).isEmpty();
    await(host.close());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void settling_writes_what_was_decided_with_a_key_of_the_agent(boolean byAHost) throws IOException {
    EmbeddedPaperclip server = await(
        EmbeddedPaperclip.start(vertx, EmbeddedOptions.defaults().reconciliationDelay(Duration.ZERO)));
    try {
      String company = await(server.board().createCompany("Acme")).path("id").asText();
      String agent = await(server.board().createAgent(company, "Wren", Map.of())).path("id").asText();
      server.setWakeHandler(agent, wake -> {
        Optional<HostFileStorage> host = byAHost ? Optional.of(host()) : Optional.empty();
        return begin(
            host.<Storage>map(all -> all).orElseGet(() -> new FileStorage(state, Runnable::run, Clock.systemUTC())),
            server.url(), company, agent, wake.runId(), wake.context().path("issueId").asText())
            .compose(entry -> byAHost ? noted(entry) : decided(entry))
            .compose(noted -> host.map(HostFileStorage::close).orElseGet(Future::succeededFuture))
            .map(137);
      });
      String issue = await(
          server.board().createIssue(company, "Look", Map.of("status", "todo", "assigneeAgentId", agent)))
          .path("id").asText();
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (!await(server.board().readIssue(issue)).path("status").asText().equals("blocked")) {
        assertThat(System.nanoTime()).as("the server never gave the issue up").isLessThan(end);
      }
      Map<String, String> environment = Map.of("PAPERCLIP_API_URL", server.url(), "PAPERCLIP_API_KEY",
          await(server.board().createKey(agent)));

      assertThat(heartbeat(environment, "journal", "settle")).isZero();

      assertThat(out.toString()).contains("ACM-1: settled");
      assertThat(err.toString()).isEmpty();
      assertThat(await(server.board().readIssue(issue)).path("status").asText()).isEqualTo("done");
      assertThat(journals()).isEmpty();
    } finally {
      await(server.close());
    }
  }

  @Test
  void a_key_that_the_server_does_not_know_settles_nothing() throws IOException {
    EmbeddedPaperclip server = await(EmbeddedPaperclip.start(vertx));
    try {
      await(begin(server.url(), ID, ID, ID, ID).compose(JournalCommandTest::decided));

      int code = heartbeat(
          Map.of("PAPERCLIP_API_URL", server.url(), "PAPERCLIP_API_KEY", "not-a-key"), "journal", "settle");

      assertThat(code).isEqualTo(ExitCode.NOT_ALLOWED.code());
      assertThat(journals()).hasSize(1);
    } finally {
      await(server.close());
    }
  }

  @Test
  void without_server_or_key_it_says_what_to_set() {
    assertThat(heartbeat(Map.of("PAPERCLIP_API_URL", "http://localhost:1"), "journal", "settle"))
        .isEqualTo(ExitCode.USAGE.code());
    assertThat(err.toString()).contains("PAPERCLIP_API_KEY");

    assertThat(heartbeat(Map.of("PAPERCLIP_API_KEY", "a-key"), "journal", "settle")).isEqualTo(ExitCode.USAGE.code());
    assertThat(err.toString()).contains("PAPERCLIP_API_URL");
  }

  @Test
  void a_server_that_is_not_there_is_told() {
    assertThat(heartbeat(
        Map.of("PAPERCLIP_API_URL", "http://127.0.0.1:1", "PAPERCLIP_API_KEY", "a-key"), "journal", "settle"))
        .isEqualTo(ExitCode.SERVER.code());
    assertThat(err.toString()).contains("can't be reached");
  }
}
