package io.heartbeat4j.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.cli.DevOptions;
import io.heartbeat4j.cli.DevSession;
import io.heartbeat4j.worker.SettingsException;
import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A session does with the author's worker what the page asks for. */
class EmbeddedDevSessionTest {

  private static final String GREET = "new WorkResult.Done(\"Hello, \" + settings.whom() + \".\")";
  private static final String WAIT_FOR_FILE = """
      {
        java.nio.file.Path go = context.workspace().directory().orElseThrow().resolve(context.issue().title());
        while (!java.nio.file.Files.exists(go)) {
          context.run().reportProgress("waiting for " + go);
          Thread.sleep(20);
        }
        return new Object() {
          WorkResult fromAClassThatIsLoadedNow() {
            return new WorkResult.Done("old");
          }
        }.fromAClassThatIsLoadedNow();
      }""";

  @TempDir
  Path directory;

  @TempDir
  Path files;

  private Optional<DevSession> session = Optional.empty();

  private DevPage start(Path project, String... worker) {
    try {
      DevSession started = EmbeddedDevSession.start(
          new DevOptions(project, Stream.of(worker).findFirst(), 0, Map.of("SECRET", "opensesame")), files);
      session = Optional.of(started);
      return DevPage.of(started.description());
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
  }

  @AfterEach
  void close() {
    session.ifPresent(DevSession::close);
  }

  private void reload() {
    session.orElseThrow().reload();
  }

  @Test
  void an_issue_is_worked_by_the_projects_worker_with_the_settings_of_dev_yaml() {
    WorkerProject project = WorkerProject.with(directory, GREET);
    project.writeSettings("worker:\n  settings:\n    whom: world\n");
    DevPage page = start(project.directory());

    assertThat(page.awaitStatus(page.createIssue("Greet"), "done")).isEqualTo("Hello, world.");
  }

  @Test
  void changed_classes_and_settings_are_used_by_the_next_run() {
    WorkerProject project = WorkerProject.with(directory, GREET);
    DevPage page = start(project.directory());
    assertThat(page.awaitStatus(page.createIssue("One"), "done")).isEqualTo("Hello, nobody.");

    project.writeSettings("worker: {settings: {whom: you}}");
    reload();
    assertThat(page.awaitStatus(page.createIssue("Two"), "done")).isEqualTo("Hello, you.");

    project.recompile("new WorkResult.Done(\"Bye, \" + settings.whom())");
    reload();
    assertThat(page.awaitStatus(page.createIssue("Three"), "done")).isEqualTo("Bye, you");
  }

  @Test
  void a_run_that_has_begun_ends_with_its_own_classes_whose_copy_is_then_deleted() throws IOException {
    WorkerProject project = WorkerProject.with(directory, WAIT_FOR_FILE);
    project.writeSettings("workspace: space");
    Files.createDirectories(directory.resolve("space"));
    DevPage page = start(project.directory());
    String running = page.createIssue("go");
    awaitEvent(page, "waiting for");

    project.recompile("new WorkResult.Done(\"new\")");
    reload();
    assertThat(page.awaitStatus(page.createIssue("Another"), "done")).isEqualTo("new");
    assertThat(copies()).hasSize(2);

    Files.createFile(directory.resolve("space/go"));
    assertThat(page.awaitStatus(running, "done")).isEqualTo("old");
    DevPage.waitUntil(() -> copies().size() == 1, () -> copies().toString());
  }

  @Test
  void a_worker_that_cannot_be_loaded_is_told_and_the_one_of_before_goes_on() throws IOException {
    WorkerProject project = WorkerProject.with(directory, GREET);
    DevPage page = start(project.directory());

    Files.write(project.classes().resolve("SampleFactory.class"), new byte[]{1, 2, 3});
    reload();

    awaitEvent(page, "mend the class");
    assertThat(page.awaitStatus(page.createIssue("Greet"), "done")).isEqualTo("Hello, nobody.");
  }

  @Test
  void wrong_settings_name_the_key_and_the_nearest_one() {
    WorkerProject project = WorkerProject.with(directory, GREET);
    project.writeSettings("worker: {settings: {whon: you}}");

    assertThatThrownBy(() -> start(project.directory())).isInstanceOf(SettingsException.class)
        .hasMessageContaining("dev.yaml: worker.settings.whon").hasMessageContaining("whom");
  }

  @Test
  void of_two_workers_one_has_to_be_named() {
    WorkerProject project = WorkerProject.with(directory, GREET);
    project.compile("OtherFactory", "other", "new WorkResult.Done(\"the other\")");
    project.nameFactories("SampleFactory", "OtherFactory");

    assertThatThrownBy(() -> start(project.directory()))
        .hasMessageContaining("several workers, sample, other: choose one with --worker NAME");
    assertThatThrownBy(() -> start(project.directory(), "othr")).hasMessageContaining("no worker named 'othr'");
    DevPage page = start(project.directory(), "other");
    assertThat(page.awaitStatus(page.createIssue("Greet"), "done")).isEqualTo("the other");
  }

  @Test
  void a_path_that_is_not_there_says_what_to_name() {
    assertThatThrownBy(() -> start(directory.resolve("nothing"))).isInstanceOf(SettingsException.class)
        .hasMessageContaining("does not exist: name the directory of a worker project");
  }

  @Test
  void a_project_that_is_not_built_says_how_to_build_it() throws IOException {
    Files.createFile(directory.resolve("pom.xml"));

    assertThatThrownBy(() -> start(directory)).hasMessageContaining("build the project ('mvn compile')");
  }

  @Test
  void classes_without_a_service_file_say_where_to_write_it() throws IOException {
    Files.createDirectories(directory.resolve("target/classes"));

    assertThatThrownBy(() -> start(directory))
        .hasMessageContaining("src/main/resources/META-INF/services/io.heartbeat4j.worker.WorkerFactory");
  }

  @Test
  void a_service_file_that_names_nothing_loadable_is_told() {
    WorkerProject project = WorkerProject.with(directory, GREET);
    project.nameFactories("NoSuchFactory");

    assertThatThrownBy(() -> start(project.directory())).hasMessageContaining("NoSuchFactory")
        .hasMessageContaining("mend the class, or the line in META-INF/services");
  }

  @Test
  void an_empty_service_file_is_told() {
    WorkerProject project = WorkerProject.with(directory, GREET);
    project.nameFactories("# nothing");

    assertThatThrownBy(() -> start(project.directory())).isInstanceOf(SettingsException.class)
        .hasMessageContaining("META-INF/services");
  }

  @Test
  void a_port_in_use_says_so() throws IOException {
    WorkerProject project = WorkerProject.with(directory, GREET);
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> EmbeddedDevSession
          .start(new DevOptions(project.directory(), Optional.empty(), taken.getLocalPort(), Map.of())))
          .isInstanceOf(SettingsException.class).hasMessageContaining("name another with --port");
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "evil.example:80 | | application/json",
      "own | http://evil.example | application/json",
      "own | null | application/json",
      "own | own | text/plain",
      "own | | application/x-www-form-urlencoded",
  })
  void a_request_that_another_site_could_make_a_browser_send_is_refused(String host, String origin, String type)
      throws IOException {
    DevPage page = start(WorkerProject.with(directory, GREET).directory());
    int port = URI.create(page.url()).getPort();

    String status = RawHttp.statusOf(port, "POST /board/issues HTTP/1.1\r\nHost: "
        + host.replace("own", "127.0.0.1:" + port) + "\r\n"
        + (origin == null ? "" : "Origin: " + origin.replace("own", "http://127.0.0.1:" + port) + "\r\n")
        + "Content-Type: " + type + "\r\nContent-Length: 13\r\nConnection: close\r\n\r\n{\"title\":\"x\"}");

    assertThat(status).contains(" 403 ");
    assertThat(page.get("board").path("issues")).isEmpty();
  }

  @Test
  void the_page_has_a_strict_policy_for_what_may_run_in_it() throws IOException {
    DevPage page = start(WorkerProject.with(directory, GREET).directory());

    assertThat(page.exchange(HttpRequest.newBuilder(URI.create(page.url())).build()).headers().map())
        .hasEntrySatisfying("content-security-policy", policy -> assertThat(policy.get(0))
            .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"))
        .containsEntry("x-content-type-options", List.of("nosniff"));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"accept | accepted", "reject | rejected"})
  void a_card_is_decided_and_the_worker_goes_on_with_the_answer(String decision, String status) {
    DevPage page = start(WorkerProject.with(directory, """
        switch (context.thread().trigger()) {
          case Trigger.InteractionAnswered answer -> new WorkResult.Done(answer.status() + ": " + answer.result());
          default -> new WorkResult.NeedsReview("Please look.",
              new ReviewPath.Card(new Question.Confirmation("Good?")));
        }""").directory());
    String issue = page.createIssue("Ask");
    JsonNode asked = page.awaitIssue(issue, read -> read.at("/cards/0/status").asText().equals("pending"));

    page.post("board/issues/" + issue + "/cards/" + asked.at("/cards/0/id").asText() + "/" + decision,
        Map.of("reason", "too short"));

    assertThat(page.awaitStatus(issue, "done")).startsWith(status)
        .matches(comment -> comment.contains("too short") == decision.equals("reject"));
  }

  @Test
  void an_approval_is_decided_on_the_page() {
    DevPage page = start(WorkerProject.with(directory, """
        switch (context.thread().trigger()) {
          case Trigger.ApprovalDecided decided -> new WorkResult.Done("decided: " + decided.note().orElse(""));
          default -> new WorkResult.NeedsReview("Buy it?", new ReviewPath.BoardApproval("Buy", "A licence.",
              ReviewPath.WhenApproved.CONTINUE));
        }""").directory());
    String issue = page.createIssue("Buy the licence");
    page.awaitStatus(issue, "in_review");
    String approval = page.get("board").at("/approvals/0/id").asText();

    page.post("board/approvals/" + approval + "/approve", Map.of("note", "Go ahead."));

    assertThat(page.awaitStatus(issue, "done")).isEqualTo("decided: Go ahead.");
  }

  @Test
  void the_409_of_a_checkout_ends_the_run_without_work_and_shows_as_a_conflict() {
    DevPage page = start(WorkerProject.with(directory, GREET).directory());
    page.post("faults/conflict", Map.of());

    page.createIssue("Greet");

    awaitEvent(page, "\"kind\":\"conflict\"");
  }

  @Test
  void work_that_ends_while_the_server_is_away_is_settled_when_it_is_back() throws IOException {
    WorkerProject project = WorkerProject.with(directory, WAIT_FOR_FILE);
    project.writeSettings("workspace: space");
    Files.createDirectories(directory.resolve("space"));
    DevPage page = start(project.directory());
    String issue = page.createIssue("go");
    awaitEvent(page, "waiting for");

    page.post("faults/outage", Map.of());
    Files.createFile(directory.resolve("space/go"));

    awaitEvent(page, "the server can't be reached");
    assertThat(page.awaitStatus(issue, "done")).isEqualTo("old");
    awaitEvent(page, "the server is back");
  }

  @Test
  void a_used_up_budget_pauses_the_agent_until_it_is_lifted() {
    DevPage page = start(WorkerProject.with(directory, GREET).directory());
    page.post("faults/budget", Map.of());
    assertThat(page.get("board").at("/agent/pauseReason").asText()).isEqualTo("budget");

    page.post("faults/budget/lift", Map.of());

    assertThat(page.awaitStatus(page.createIssue("Greet"), "done")).isEqualTo("Hello, nobody.");
  }

  @Test
  void a_killed_run_writes_nothing_more_and_its_issue_waits_for_the_board() {
    WorkerProject project = WorkerProject.with(directory, WAIT_FOR_FILE);
    DevPage page = start(project.directory());
    String issue = page.createIssue("go");
    String run = awaitEvent(page, "\"step\":5").replaceAll(".*\"run\":\"([^\"]+)\".*", "$1");

    page.post("runs/" + run + "/kill", Map.of());

    awaitEvent(page, "\"phase\":\"killed\"");
    JsonNode blocked = page.awaitIssue(issue, read -> read.at("/issue/status").asText().equals("blocked"));
    assertThat(blocked.at("/issue/executionBlocker").isObject()).isTrue();
    assertThat(blocked.path("comments").toString()).doesNotContain("\"authorType\":\"agent\"");
  }

  @Test
  void a_hold_stops_the_run_and_the_worker_goes_on_when_the_board_has_released_it_and_looked() throws IOException {
    WorkerProject project = WorkerProject.with(directory, WAIT_FOR_FILE);
    project.writeSettings("workspace: space");
    Files.createDirectories(directory.resolve("space"));
    DevPage page = start(project.directory());
    String issue = page.createIssue("go");
    awaitEvent(page, "waiting for");

    page.post("board/issues/" + issue + "/hold", Map.of("reason", "wait"));
    awaitEvent(page, "\"type\":\"end\"");
    assertThat(page.get("board/issues/" + issue).at("/holds/0/status").asText()).isEqualTo("active");
    Files.createFile(directory.resolve("space/go"));
    page.post("board/issues/" + issue + "/release", Map.of());
    page.post("board/issues/" + issue + "/resolve", Map.of());

    assertThat(page.awaitStatus(issue, "done")).isEqualTo("old");
  }

  @Test
  void the_json_of_each_request_is_on_the_page_without_the_secrets_of_the_settings() {
    WorkerProject project = WorkerProject.with(directory, "new WorkResult.Done(settings.whom())");
    project.writeSettings("worker: {settings: {whom: '${ENV:SECRET}'}}");
    DevPage page = start(project.directory());
    page.createIssue("Say it");

    String patch = awaitEvent(page, "\"method\":\"PATCH\"");

    assertThat(patch).contains("\\\"status\\\":\\\"done\\\"").contains("\"answer\":\"{")
        .doesNotContain("opensesame");
  }

  @Test
  void what_a_worker_prints_is_on_the_page_too() {
    DevPage page = start(WorkerProject.with(directory, """
        {
          System.out.println("printed by the worker");
          return new WorkResult.Done("done");
        }""").directory());

    page.awaitStatus(page.createIssue("Print"), "done");

    assertThat(awaitEvent(page, "\"type\":\"log\"")).contains("printed by the worker");
  }

  @Test
  void thirty_loads_leave_the_files_and_the_classes_of_the_last_one() {
    WorkerProject project = WorkerProject.with(directory, GREET);
    DevPage page = start(project.directory());
    long before = openFiles();

    for (int load = 0; load < 30; load++) {
      project.writeSettings("worker: {settings: {whom: you-" + load + "}}");
      reload();
    }

    assertThat(page.awaitStatus(page.createIssue("Greet"), "done")).isEqualTo("Hello, you-29.");
    assertThat(copies()).hasSize(1);
    assertThat(openFiles()).isLessThan(before + 10);
  }

  private static long openFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getOpenFileDescriptorCount()
        : 0;
  }

  @Test
  void closing_leaves_no_file_and_no_port() throws IOException {
    DevPage page = start(WorkerProject.with(directory, GREET).directory());
    int port = URI.create(page.url()).getPort();
    assertThat(files).isNotEmptyDirectory();

    close();
    session = Optional.empty();

    assertThat(files).doesNotExist();
    new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
  }

  private List<Path> copies() {
    try (Stream<Path> all = Files.list(files.resolve("classes"))) {
      return all.toList();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** The first event that contains this text. */
  private static String awaitEvent(DevPage page, String text) {
    String[] found = {""};
    DevPage.waitUntil(() -> {
      found[0] = RawHttp.events(URI.create(page.url()).getPort(), text);
      return !found[0].isEmpty();
    }, () -> "no event with " + text);
    return found[0];
  }
}
