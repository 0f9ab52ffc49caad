package io.heartbeat4j.it;

import static io.heartbeat4j.it.ScriptedModelServer.toolCall;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.cli.demo.BoardClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A scripted model as an agent of a real Paperclip server, in the distribution, with the plugin in its own class
 * loader.
 */
class ModelWorkerTest {

  @TempDir
  static Path directory;
  private static InstalledDistribution installedDistribution;
  private static ScriptedModelServer model;

  @BeforeAll
  static void install() throws IOException {
    installedDistribution = new InstalledDistribution(directory);
    model = ScriptedModelServer.start();
  }

  @AfterAll
  static void stop() {
    model.close();
  }

  @Test
  void a_failing_test_in_a_repository_is_mended() throws Exception {
    Path repository = repository("repository");
    model.on("Mend the greeting",
        toolCall("read", Map.of("path", "greet.sh")),
        toolCall("run", Map.of("command", "./test.sh")),
        toolCall("edit", Map.of("path", "greet.sh", "old", "Helo", "new", "Hello")),
        toolCall("run", Map.of("command", "./test.sh")),
        toolCall("finish",
            Map.of("outcome", "done", "summary", "The greeting is spelled right, and the test passes.")));
    BoardClient boardClient = BoardClient.createCompany(RealPaperclip.url(), "Mending");
    String agent = boardClient.createAgent("Wren", working(repository, Map.of()));

    String issue = boardClient.createAssignedIssue("Mend the greeting", agent);

    settled(boardClient, agent, issue, "done");
    assertThat(repository.resolve("greet.sh")).content().contains("echo 'Hello, world'");
    assertThat(run(repository, "./test.sh")).isZero();
    assertThat(output(repository, "git", "-c", "safe.directory=*", "diff", "--stat")).contains("greet.sh")
        .contains("1 file changed");
    assertThat(boardClient.runLog(boardClient.runs(agent).get(0).path("id").asText()))
        .contains("$ ./test.sh").doesNotContain("a-key-for-the-script");
    assertThat(cents(boardClient, agent)).as("five calls of 2000 tokens at ten dollars a million").isEqualTo(10);
  }

  @Test
  void a_follow_up_goes_to_a_report_and_the_work_goes_on_when_it_is_done() throws Exception {
    model.on("Build the whole",
        toolCall("create_subtask", Map.of("report", "Wren", "title", "Write the part", "description", "All of it.")),
        toolCall("finish", Map.of("outcome", "blocked", "summary", "Wren writes the part.", "waiting_for", "subtasks")),
        toolCall("finish", Map.of("outcome", "done", "summary", "The part is there.")));
    BoardClient boardClient = BoardClient.createCompany(RealPaperclip.url(), "Delegating to a report");
    String manager = boardClient.createAgent("Cora", working(repository("whole"), Map.of()));
    boardClient.createAgent("Wren", installedDistribution.shellAgentConfig("part", "echo 'The part is written.'"),
        manager);

    String issue = boardClient.createAssignedIssue("Build the whole", manager);

    Await.until("Wren has written the part", () -> boardClient.issue(issue),
        () -> BoardClient.toList(boardClient.get("/companies/" + boardClient.company() + "/issues?parentId=" + issue))
            .stream()
            .anyMatch(part -> part.path("status").asText().equals("done")));
    settled(boardClient, manager, issue, "done");
    assertThat(BoardClient.toList(boardClient.get("/companies/" + boardClient.company() + "/issues?parentId=" + issue)))
        .singleElement()
        .satisfies(part -> assertThat(part.path("status").asText()).isEqualTo("done"));
    assertThat(boardClient.agentComments(issue)).extracting(comment -> comment.path("body").asText()).last()
        .asString().startsWith("The part is there.").contains("**Not verified**");
  }

  @Test
  void a_question_is_waited_for_and_the_work_goes_on_with_the_answer() throws Exception {
    Path repository = repository("fence");
    model.on("Paint the fence",
        toolCall("ask", Map.of("question", "Red?", "summary", "The fence can have any colour.")),
        toolCall("write", Map.of("path", "colour", "content", "red")),
        toolCall("finish", Map.of("outcome", "done", "summary", "Painted it red.")));
    BoardClient boardClient = BoardClient.createCompany(RealPaperclip.url(), "Asking");
    String agent = boardClient.createAgent("Wren", working(repository, Map.of()));
    String issue = boardClient.createAssignedIssue("Paint the fence", agent);
    settled(boardClient, agent, issue, "in_review");
    assertThat(repository.resolve("colour")).doesNotExist();

    boardClient.post(
        "/issues/" + issue + "/interactions/" + boardClient.interactions(issue).get(0).path("id").asText() + "/accept",
        Map.of());

    settled(boardClient, agent, issue, "done");
    assertThat(repository.resolve("colour")).hasContent("red");
  }

  @Test
  void what_a_person_has_to_allow_waits_in_review_and_is_done_once_after_the_answer() throws Exception {
    Path repository = repository("publishing");
    Map<String, ?> publish = toolCall("run", Map.of("command", "touch published"));
    model.on("Publish it", publish, publish,
        toolCall("finish", Map.of("outcome", "done", "summary", "It is published.")));
    BoardClient boardClient = BoardClient.createCompany(RealPaperclip.url(), "Publishing");
    String agent = boardClient.createAgent("Wren",
        working(repository, Map.of("HEARTBEAT_WORKER_PERMISSIONS", "[\"ask run touch *\"]")));
    String issue = boardClient.createAssignedIssue("Publish it", agent);
    settled(boardClient, agent, issue, "in_review");
    assertThat(repository.resolve("published")).doesNotExist();
    assertThat(boardClient.agentComments(issue)).singleElement().satisfies(
        comment -> assertThat(comment.path("body").asText()).contains("I need permission for `run touch published`"));

    boardClient.post(
        "/issues/" + issue + "/interactions/" + boardClient.interactions(issue).get(0).path("id").asText() + "/accept",
        Map.of());

    settled(boardClient, agent, issue, "done");
    assertThat(repository.resolve("published")).exists();
  }

  @Test
  void what_the_operator_writes_into_the_agents_instructions_reaches_the_model() throws Exception {
    model.on("Always say please.",
        toolCall("finish", Map.of("outcome", "blocked", "summary", "Please.", "request", "Shall I?")));
    BoardClient boardClient = BoardClient.createCompany(RealPaperclip.url(), "Instructing");
    String agent = boardClient.createAgent("Wren", working(repository("instructed"), Map.of()));
    boardClient.put("/agents/" + agent + "/instructions-bundle/file",
        Map.of("path", "AGENTS.md", "content", "Always say please."));

    String issue = boardClient.createAssignedIssue("Say something", agent);

    settled(boardClient, agent, issue, "blocked");
    assertThat(boardClient.agentComments(issue)).extracting(comment -> comment.path("body").asText())
        .containsExactly("Please.");
  }

  @Test
  void at_five_cents_the_work_stops_and_the_server_shows_what_it_cost() throws Exception {
    IntStream.rangeClosed(1, 9)
        .forEach(depth -> model.on("Look around for ever", toolCall("list", Map.of("depth", depth))));
    BoardClient boardClient = BoardClient.createCompany(RealPaperclip.url(), "Spending");
    String agent = boardClient.createAgent("Wren",
        working(repository("endless"), Map.of("HEARTBEAT_WORKER_LIMITS", "{\"usd\": \"0.05\"}")));

    String issue = boardClient.createAssignedIssue("Look around for ever", agent);

    settled(boardClient, agent, issue, "blocked");
    assertThat(boardClient.agentComments(issue)).singleElement().satisfies(
        comment -> assertThat(comment.path("body").asText()).contains("the limit of 0.05 US dollars is reached"));
    assertThat(boardClient.interactions(issue)).hasSize(1);
    assertThat(cents(boardClient, agent)).as("three calls, and the chance to finish").isEqualTo(8);
    assertThat(BoardClient.toList(boardClient.get("/companies/" + boardClient.company() + "/costs/by-provider")))
        .singleElement().satisfies(cost -> {
          assertThat(cost.path("model").asText()).isEqualTo("scripted");
          assertThat(cost.path("billingType").asText()).isEqualTo("metered_api");
          assertThat(cost.path("costCents").asInt()).isEqualTo(8);
        });
  }

  private static Map<String, Object> working(Path workspace, Map<String, String> more) throws IOException {
    Map<String, String> environment = new HashMap<>(Map.of(
        "HEARTBEAT_WORKER", "llm",
        "HEARTBEAT_WORKER_MODEL", model.modelSetting(),
        "HEARTBEAT_WORKER_WORKSPACE", workspace.toString(),
        "HEARTBEAT_WORKER_PERMISSIONS", "[\"allow run ./test.sh\"]",
        "HEARTBEAT_WORKER_PRICES", "{\"scripted\": \"10, 1, 10\"}"));
    environment.putAll(more);
    return installedDistribution.agentConfig(environment);
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

  private static long cents(BoardClient boardClient, String agent) {
    return boardClient.get("/agents/" + agent).path("spentMonthlyCents").asLong();
  }

  private static void settled(BoardClient boardClient, String agent, String issue, String status) {
    Await.until("the issue is " + status + " and its runs are over",
        () -> boardClient.issueStatus(issue) + ", runs "
            + boardClient.runs(agent).stream()
                .map(run -> run.path("status").asText() + " " + boardClient.runLog(run.path("id").asText())).toList(),
        () -> boardClient.issueStatus(issue).equals(status)
            && boardClient.runs(agent).stream().map(ModelWorkerTest::status)
                .noneMatch(List.of("queued", "running")::contains));
  }

  private static String status(JsonNode run) {
    return run.path("status").asText();
  }
}
