package io.heartbeat4j.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.heartbeat4j.host.store.HostStorage;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.storage.FileStorage;
import io.heartbeat4j.storage.HostFileStorage;
import io.heartbeat4j.storage.Storage;
import io.heartbeat4j.storage.StorageProvider;
import io.heartbeat4j.storage.StorageSession;
import io.heartbeat4j.storage.postgresql.TestDatabase;
import io.heartbeat4j.worker.Secret;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store of several hosts in the hands of an operator. */
class StoreCommandTest {

  private static final String AGENT = "localhost_3100/company/agent/";
  private static final int ISSUES = 120;

  @TempDir
  Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Vertx vertx = Vertx.vertx();
  private TestDatabase database;
  private Path state;

  @BeforeEach
  void a_database_and_a_hosts_file() throws Exception {
    database = TestDatabase.empty();
    state = directory.resolve("state");
    configure(database.url());
  }

  @AfterEach
  void close() throws IOException {
    Storage.await(vertx.close());
  }

  private void configure(String url) throws IOException {
    Files.writeString(directory.resolve("host.yaml"), """
        server: http://127.0.0.1:3100
        store: "%s"
        state-dir: %s
        agents:
          wren: {key: "key-of-the-agent-wren", worker: {name: shell, settings: {command: ["true"]}}}
        """.formatted(url, state));
  }

  private int heartbeat(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> line = Stream.concat(Stream.of(args),
        Stream.of("--config", directory.resolve("host.yaml").toString())).toList();
    return HeartbeatCommand.commandLine(Map.of("HOME", directory.toString()))
        .setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)).execute(line.toArray(String[]::new));
  }

  /** What a single host leaves, with the log entry and the memory of a one-shot run in files of their own. */
  private Map<String, String> leaveFiles() throws IOException {
    StorageSession host = host();
    for (String each : List.of("_runs/open/1", "_runs/ended/2", AGENT + "journal/a.1.jsonl")) {
      Storage.await(host.replace(each, ("content of " + each + "\n").getBytes(UTF_8)));
    }
    for (int i = 0; i < ISSUES; i++) {
      Storage.await(host.append(AGENT + "issues/" + i + ".jsonl", ("memory of " + i + "\n").getBytes(UTF_8)));
    }
    Storage.await(host.close());
    Storage.await(new FileStorage(state, Runnable::run, Clock.systemUTC())
        .replace(AGENT + "journal/b.2.jsonl", "an entry\n".getBytes(UTF_8)));
    Path work = Files.createDirectories(state.resolve(AGENT + "workers/issue-1/sessions"));
    Files.writeString(work.resolve("session.json"), "{}");
    return files();
  }

  private HostFileStorage host() throws IOException {
    return HostFileStorage.open(state, List.of("_runs", "journal"), Runnable::run, Clock.systemUTC());
  }

  private StorageSession shared() throws IOException {
    return Storage.await(StorageProvider.forUrl(database.url()).orElseThrow()
        .open(database.url(), Map.of(), "another host", secret -> {}));
  }

  /** All records, and the files of workers. */
  private Map<String, String> files() throws IOException {
    TreeMap<String, String> all = new TreeMap<>();
    HostFileStorage host = host();
    collect(host, "", all);
    Storage.await(host.close());
    return all;
  }

  private static void collect(Storage storage, String folder, Map<String, String> all) throws IOException {
    for (String each : Storage.await(storage.folders(folder))) {
      for (String name : Storage.await(storage.list(each))) {
        all.put(name, new String(Storage.await(storage.read(name)).orElseThrow(), UTF_8));
      }
      collect(storage, each, all);
    }
  }

  private static String failureOf(Future<?> opened) {
    return String.valueOf(catchThrowable(() -> Storage.await(opened)).getMessage());
  }

  private String records() throws Exception {
    return database.query("select count(*) from heartbeat4j.record");
  }

  @Test
  void check_says_what_is_missing_and_changes_nothing() throws Exception {
    assertThat(heartbeat("store", "check")).isZero();

    assertThat(out.toString()).contains("PostgreSQL ", "heartbeat4j has no tables yet", "'heartbeat store migrate'");
    assertThat(database.query("select 1 from pg_namespace where nspname = 'heartbeat4j'")).isEmpty();
  }

  @Test
  void migrate_creates_the_tables_and_check_says_what_is_there_and_who_uses_it() throws Exception {
    assertThat(heartbeat("store", "migrate")).isZero();
    assertThat(heartbeat("store", "migrate")).as("again").isZero();
    StorageSession other = shared();
    Storage.await(other.replace("_runs/ended/1", "x".getBytes(UTF_8)));
    Storage.await(other.replace(AGENT + "issues/1.jsonl", "x".getBytes(UTF_8)));
    Storage.await(other.replace(AGENT + "issues/2.jsonl", "x".getBytes(UTF_8)));

    assertThat(heartbeat("store", "check")).isZero();

    assertThat(out.toString()).contains("version 1, the newest", "ended 1, issues 2", "used by  another host");
    Storage.await(other.close());
  }

  @Test
  void all_that_a_host_has_left_moves_into_the_database_and_back() throws Exception {
    Map<String, String> before = leaveFiles();
    assertThat(before).hasSize(ISSUES + 5);

    assertThat(heartbeat("store", "import")).as(err.toString()).isZero();

    assertThat(out.toString()).contains("Moved " + (ISSUES + 4) + " records");
    assertThat(files()).isEmpty();
    assertThat(
        database.query("select convert_from(content, 'UTF8') from heartbeat4j.record where name = '_runs/open/1'"))
        .isEqualTo("content of _runs/open/1\n");
    assertThat(records()).isEqualTo(String.valueOf(ISSUES + 5));
    Storage.await(shared().close()); // a host starts

    assertThat(heartbeat("store", "export")).as(err.toString()).isZero();

    assertThat(files()).isEqualTo(before);
    assertThat(records()).isEqualTo("0");
  }

  @Test
  void an_import_that_breaks_off_keeps_hosts_from_starting_until_it_is_repeated() throws Exception {
    Map<String, String> before = leaveFiles();
    assertThat(heartbeat("store", "migrate")).isZero();
    database.execute("alter table heartbeat4j.record add constraint small check (name not like '%/issues/77.jsonl')");

    assertThat(heartbeat("store", "import")).isEqualTo(ExitCode.CONFIGURATION.code());
    assertThat(err.toString().lines()).hasSize(1).first().asString().contains("issues/77.jsonl", "small");
    assertThat(files()).hasSizeBetween(1, before.size());
    assertThat(failureOf(HostStorage.openFiles(vertx, state, Clock.systemUTC()))).contains("moved in part",
        "'heartbeat store import' again");
    assertThat(failureOf(HostStorage.openShared(Secret.of(database.url()), Map.of(), Redactor.of(List.of()))))
        .contains("moved in part", "'heartbeat store import' again");

    database.execute("alter table heartbeat4j.record drop constraint small");
    assertThat(heartbeat("store", "import")).as(err.toString()).isZero();

    assertThat(files()).isEmpty();
    assertThat(heartbeat("store", "export")).isZero();
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void an_import_that_breaks_off_can_be_undone() throws Exception {
    Map<String, String> before = leaveFiles();
    assertThat(heartbeat("store", "migrate")).isZero();
    database.execute("alter table heartbeat4j.record add constraint small check (name not like '%/issues/77.jsonl')");
    assertThat(heartbeat("store", "import")).isEqualTo(ExitCode.CONFIGURATION.code());

    assertThat(heartbeat("store", "export")).as(err.toString()).isZero();

    assertThat(files()).isEqualTo(before);
    assertThat(records()).isEqualTo("0");
  }

  @Test
  void nothing_is_moved_while_a_host_uses_the_database() throws Exception {
    Map<String, String> before = leaveFiles();
    StorageSession other = shared();

    assertThat(heartbeat("store", "import")).isEqualTo(ExitCode.CONFIGURATION.code());

    assertThat(err.toString().lines()).hasSize(1).first().asString().contains("nothing was moved", "another host");
    assertThat(files()).isEqualTo(before);
    assertThat(records()).isEqualTo("0");
    Storage.await(other.close());
    assertThat(heartbeat("store", "import")).isZero();
  }

  @Test
  void nothing_is_moved_while_a_host_uses_the_files() throws Exception {
    leaveFiles();
    HostFileStorage host = host();

    assertThat(heartbeat("store", "import")).isEqualTo(ExitCode.CONFIGURATION.code());

    assertThat(err.toString().lines()).hasSize(1).first().asString().contains(state.toString(), "stop the host");
    Storage.await(host.close());
  }

  @Test
  void nothing_is_moved_over_another_record_of_that_name() throws Exception {
    Map<String, String> before = leaveFiles();
    StorageSession other = shared();
    Storage.await(other.replace(AGENT + "issues/5.jsonl", "memory of another host\n".getBytes(UTF_8)));
    Storage.await(other.close());

    assertThat(heartbeat("store", "import")).isEqualTo(ExitCode.CONFIGURATION.code());

    assertThat(err.toString().lines()).hasSize(1).first().asString()
        .contains("nothing was moved", AGENT + "issues/5.jsonl");
    assertThat(files()).isEqualTo(before);
    assertThat(records()).isEqualTo("1");
  }

  @Test
  void a_state_directory_that_is_not_there_is_told() {
    assertThat(heartbeat("store", "import", "--state-dir", directory.resolve("typo").toString()))
        .isEqualTo(ExitCode.CONFIGURATION.code());
    assertThat(err.toString()).contains("there is no state directory", "typo");
    assertThat(directory.resolve("typo")).doesNotExist();
  }

  @Test
  void a_hosts_file_without_store_is_told() throws IOException {
    Path file = directory.resolve("host.yaml");
    Files.writeString(file, Files.readString(file).replace("store: ", "# store: "));
    assertThat(heartbeat("store", "check")).isEqualTo(ExitCode.CONFIGURATION.code());
    assertThat(err.toString().lines()).hasSize(1).first().asString().contains("names no database", "set 'store'");
  }

  @Test
  void each_bad_url_or_database_is_one_line_without_the_password() throws Exception {
    database.execute("drop schema if exists foreign_one cascade");
    database.execute("create schema foreign_one authorization heartbeat");
    database.execute("create table foreign_one.record (id int)");
    database.execute("drop schema if exists locked cascade");
    database.execute("create schema locked");
    String url = database.url();
    String password = url.substring(url.indexOf(':', 13) + 1, url.indexOf('@'));
    Map<String, String> bad = Map.of(
        url.replace(password, "wr0ng-" + password), "refuses the password of user heartbeat",
        url.replaceFirst(":\\d+/", ":1/"), "no connection",
        url.replace("localhost", "nowhere.invalid"), "the host is unknown",
        url + "-typo", "there is no such database",
        url + "?schema=foreign_one", "is not heartbeat4j's",
        url + "?schema=locked", "has no rights on the schema locked",
        url + "?sslmode=verify-full", "TLS failed",
        url + "?shema=x", "unknown parameter 'shema'",
        url.replace("postgresql:", "mysql:"), "no storage is known for this address");
    for (Map.Entry<String, String> each : bad.entrySet()) {
      configure(each.getKey());
      for (String command : each.getValue().equals("no connection") // a start waits for it
          ? List.of("check")
          : List.of("check", "migrate")) {
        assertThat(heartbeat("store", command)).as(each.getValue()).isEqualTo(ExitCode.CONFIGURATION.code());
        assertThat(err.toString().lines()).as(each.getValue()).hasSize(1).first().asString().contains(each.getValue())
            .doesNotContain(password);
      }
    }
  }
}
