package io.heartbeat4j.it;

import static io.heartbeat4j.it.ScriptedModel.call;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.cli.demo.Board;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A scripted model as an agent of a real Paperclip server, in the distribution, with the plugin in its own class loader. */
class ModelWorkerTest {

  @TempDir static Path directory;
  private static Distribution distribution;
  private static ScriptedModel model;

  @BeforeAll
  static void install() throws IOException {
    distribution = new Distribution(directory);
    model = ScriptedModel.start();
  }

  @AfterAll
  static void stop() {
    model.close();
  }

  @Test
  void a_failing_test_in_a_repository_is_mended() throws Exception {
    Path repository = repository("repository");
    model.on("Mend the greeting",
        call("read", Map.of("path", "greet.sh")),
        call("run", Map.of("command", "./test.sh")),
        call("edit", Map.of("path", "greet.sh", "old", "Helo", "new", "Hello")),
        call("run", Map.of("command", "./test.sh")),
        call("finish", Map.of("outcome", "done", "summary", "The greeting is spelled right, and the test passes.")));
    Board board = Board.ofNewCompany(RealPaperclip.url(), "Mending");
    String agent = board.agent("Wren", working(repository, Map.of()));

    String issue = board.assigned("Mend the greeting", agent);

    settled(board, agent, issue, "done");
    assertThat(repository.resolve("greet.sh")).content().contains("echo 'Hello, world'");
    assertThat(run(repository, "./test.sh")).isZero();
    assertThat(output(repository, "git", "-c", "safe.directory=*", "diff", "--stat")).contains("greet.sh").contains("1 file changed");
    assertThat(board.log(board.runs(agent).get(0).path("id").asText()))
        .contains("> run ./test.sh").doesNotContain("a-key-for-the-script");
    assertThat(cents(board, agent)).as("five calls of 2000 tokens at ten dollars a million").isEqualTo(10);
  }

  @Test
  void a_follow_up_goes_to_a_report_and_the_work_goes_on_when_it_is_done() throws Exception {
    model.on("Build the whole",
        call("create_subtask", Map.of("report", "Wren", "title", "Write the part", "description", "All of it.")),
        call("finish", Map.of("outcome", "blocked", "summary", "Wren writes the part.", "waiting_for", "subtasks")),
        call("finish", Map.of("outcome", "done", "summary", "The part is there.")));
    Board board = Board.ofNewCompany(RealPaperclip.url(), "Delegating to a report");
    String manager = board.agent("Cora", working(repository("whole"), Map.of()));
    board.agent("Wren", distribution.working("part", "echo 'The part is written.'"), manager);

    String issue = board.assigned("Build the whole", manager);

    Eventually.until("Wren has written the part", () -> board.read(issue), () ->
        Board.list(board.get("/companies/" + board.company() + "/issues?parentId=" + issue)).stream()
            .anyMatch(part -> part.path("status").asText().equals("done")));
    settled(board, manager, issue, "done");
    assertThat(Board.list(board.get("/companies/" + board.company() + "/issues?parentId=" + issue))).singleElement()
        .satisfies(part -> assertThat(part.path("status").asText()).isEqualTo("done"));
    assertThat(board.agentComments(issue)).extracting(comment -> comment.path("body").asText()).last().isEqualTo("The part is there.");
  }

  @Test
  void a_question_is_waited_for_and_the_work_goes_on_with_the_answer() throws Exception {
    Path repository = repository("fence");
    model.on("Paint the fence",
        call("ask", Map.of("question", "Red?", "summary", "The fence can have any colour.")),
        call("write", Map.of("path", "colour", "content", "red")),
        call("finish", Map.of("outcome", "done", "summary", "Painted it red.")));
    Board board = Board.ofNewCompany(RealPaperclip.url(), "Asking");
    String agent = board.agent("Wren", working(repository, Map.of()));
    String issue = board.assigned("Paint the fence", agent);
    settled(board, agent, issue, "in_review");
    assertThat(repository.resolve("colour")).doesNotExist();

    board.post("/issues/" + issue + "/interactions/" + board.cards(issue).get(0).path("id").asText() + "/accept", Map.of());

    settled(board, agent, issue, "done");
    assertThat(repository.resolve("colour")).hasContent("red");
  }

  @Test
  void what_a_person_has_to_allow_waits_in_review_and_is_done_once_after_the_answer() throws Exception {
    Path repository = repository("publishing");
    Map<String, ?> publish = call("run", Map.of("command", "touch published"));
    model.on("Publish it", publish, publish, call("finish", Map.of("outcome", "done", "summary", "It is published.")));
    Board board = Board.ofNewCompany(RealPaperclip.url(), "Publishing");
    String agent = board.agent("Wren", working(repository, Map.of("HEARTBEAT_WORKER_PERMISSIONS", "[\"ask run touch *\"]")));
    String issue = board.assigned("Publish it", agent);
    settled(board, agent, issue, "in_review");
    assertThat(repository.resolve("published")).doesNotExist();
    assertThat(board.agentComments(issue)).singleElement().satisfies(comment ->
        assertThat(comment.path("body").asText()).contains("I need permission for `run touch published`"));

    board.post("/issues/" + issue + "/interactions/" + board.cards(issue).get(0).path("id").asText() + "/accept", Map.of());

    settled(board, agent, issue, "done");
    assertThat(repository.resolve("published")).exists();
  }

  @Test
  void what_the_operator_writes_into_the_agents_instructions_reaches_the_model() throws Exception {
    model.on("Always say please.", call("finish", Map.of("outcome", "blocked", "summary", "Please.", "request", "Shall I?")));
    Board board = Board.ofNewCompany(RealPaperclip.url(), "Instructing");
    String agent = board.agent("Wren", working(repository("instructed"), Map.of()));
    board.put("/agents/" + agent + "/instructions-bundle/file", Map.of("path", "AGENTS.md", "content", "Always say please."));

    String issue = board.assigned("Say something", agent);

    settled(board, agent, issue, "blocked");
    assertThat(board.agentComments(issue)).extracting(comment -> comment.path("body").asText()).containsExactly("Please.");
  }

  @Test
  void at_five_cents_the_work_stops_and_the_server_shows_what_it_cost() throws Exception {
    Board board = Board.ofNewCompany(RealPaperclip.url(), "Spending");
    String agent = board.agent("Wren", working(repository("endless"), Map.of("HEARTBEAT_WORKER_LIMITS", "{\"usd\": \"0.05\"}")));

    String issue = board.assigned("Look around for ever", agent);

    settled(board, agent, issue, "blocked");
    assertThat(board.agentComments(issue)).singleElement().satisfies(comment ->
        assertThat(comment.path("body").asText()).contains("the limit of 0.05 US dollars is reached"));
    assertThat(board.cards(issue)).hasSize(1);
    assertThat(cents(board, agent)).as("three calls, and the chance to finish").isEqualTo(8);
    assertThat(Board.list(board.get("/companies/" + board.company() + "/costs/by-provider"))).singleElement().satisfies(cost -> {
      assertThat(cost.path("model").asText()).isEqualTo("scripted");
      assertThat(cost.path("billingType").asText()).isEqualTo("metered_api");
      assertThat(cost.path("costCents").asInt()).isEqualTo(8);
    });
  }

  private static Map<String, Object> working(Path workspace, Map<String, String> more) throws IOException {
    Map<String, String> environment = new HashMap<>(Map.of(
        "HEARTBEAT_WORKER", "llm",
        "HEARTBEAT_WORKER_MODEL", model.setting(),
        "HEARTBEAT_WORKER_WORKSPACE", workspace.toString(),
        "HEARTBEAT_WORKER_PERMISSIONS", "[\"allow run ./test.sh\"]",
        "HEARTBEAT_WORKER_PRICES", "{\"scripted\": \"10, 1, 10\"}"));
    environment.putAll(more);
    return distribution.configured(environment);
  }

  /** A small repository with a failing test, which the server's user may change. */
  private static Path repository(String name) throws IOException, InterruptedException {
    Path repository = Files.createDirectories(directory.resolve(name));
    Files.writeString(repository.resolve("greet.sh"), "echo 'Helo, world'\n");
    Files.writeString(repository.resolve("test.sh"), "#!/bin/sh\n[ \"$(sh ./greet.sh)\" = 'Hello, world' ]\n");
    try (Stream<Path> files = Files.list(repository)) {
      for (Path file : files.toList()) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxrwxrwx"));
      }
    }
    Files.setPosixFilePermissions(repository, PosixFilePermissions.fromString("rwxrwxrwx"));
    run(repository, "git", "init", "-q");
    run(repository, "git", "add", ".");
    run(repository, "git", "-c", "user.name=Test", "-c", "user.email=test@example.com", "commit", "-qm", "A greeting");
    return repository;
  }

  private static int run(Path directory, String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).directory(directory.toFile()).inheritIO().start().waitFor();
  }

  private static String output(Path directory, String... command) throws IOException {
    return new String(new ProcessBuilder(command).directory(directory.toFile()).start().getInputStream().readAllBytes(),
        java.nio.charset.StandardCharsets.UTF_8);
  }

  private static long cents(Board board, String agent) {
    return board.get("/agents/" + agent).path("spentMonthlyCents").asLong();
  }

  private static void settled(Board board, String agent, String issue, String status) {
    Eventually.until("the issue is " + status + " and its runs are over",
        () -> board.status(issue) + ", runs " + board.runs(agent).stream().map(run ->
            run.path("status").asText() + " " + board.log(run.path("id").asText())).toList(),
        () -> board.status(issue).equals(status) && board.runs(agent).stream().map(ModelWorkerTest::status)
            .noneMatch(List.of("queued", "running")::contains));
  }

  private static String status(JsonNode run) {
    return run.path("status").asText();
  }
}
