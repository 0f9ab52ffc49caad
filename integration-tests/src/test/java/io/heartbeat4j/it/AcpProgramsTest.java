package io.heartbeat4j.it;

import static io.heartbeat4j.it.ScriptedModelServer.silence;
import static io.heartbeat4j.it.ScriptedModelServer.toolCall;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.heartbeat4j.cli.demo.BoardClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Real programs that speak the Agent Client Protocol, in a host with a real Paperclip server, against a scripted model.
 * They take 1.5 GB, so this runs only where they are: {@code benchmarks/acp-programs} installs them and prints a table.
 */
@EnabledIfSystemProperty(named = "acp.programs", matches = ".+")
class AcpProgramsTest {

  private static final Map<String, ?> FINISH = toolCall("finish",
      Map.of("status", "done", "summary", "The notes are there."));

  /** Whom the host lets the programs run as; its own user where this is empty. Claude does not run as root. */
  private static final String USER = System.getProperty("acp.user", "");

  @TempDir
  Path directory;
  private ScriptedModelServer model;
  private HostProcess host;
  private InstalledAdapter adapter;
  private BoardClient board;

  static Stream<AcpProgram> programs() {
    return Stream.of(System.getProperty("acp.names", "QWEN,OPENCODE,CLAUDE,CODEX").split(",")).map(AcpProgram::valueOf);
  }

  @BeforeEach
  void start() throws IOException {
    model = ScriptedModelServer.start();
    host = new HostProcess(directory);
    adapter = new InstalledAdapter(directory, host);
    board = BoardClient.createCompany(RealPaperclip.url(), "Programs");
  }

  @AfterEach
  void stop() {
    host.close();
    adapter.close();
    model.close();
  }

  @ParameterizedTest
  @MethodSource("programs")
  void an_issue_is_done_with_a_file_and_a_comment(AcpProgram program) throws IOException {
    String agent = agent(program, Map.of());
    model.on("Write the notes", program.write(notes(), "hello"), FINISH);
    String issue = board.createAssignedIssue("Write the notes", agent);

    settled(agent, issue, "done");
    assertThat(notes()).hasContent("hello");
    assertThat(Files.getOwner(notes()).getName()).isEqualTo(USER.isEmpty() ? System.getProperty("user.name") : USER);
    assertThat(comments(issue)).singleElement().asString().startsWith("The notes are there.");
    tell(program, "done", "Write the notes", agent);
    // programs do not tell the tokens of what they ask beside the turn, such as a title
    assertThat(tokens(agent)).isBetween(counted(2), counted(model.answers("Write the notes")));
  }

  @ParameterizedTest
  @MethodSource("programs")
  void what_needs_permission_waits_for_a_card_and_goes_on_after_it(AcpProgram program) throws IOException {
    String agent = agent(program, Map.of("permissions", List.of("ask " + program.writeRule())));
    model.on("Write with a card", program.write(notes(), "hello"));
    String issue = board.createAssignedIssue("Write with a card", agent);
    settled(agent, issue, "in_review");
    assertThat(notes()).doesNotExist();
    assertThat(comments(issue)).singleElement().asString().contains("I need permission for");

    model.on("Write with a card", program.write(notes(), "hello"), FINISH);
    board.post("/issues/" + issue + "/interactions/" + board.interactions(issue).get(0).path("id").asText()
        + "/accept", Map.of());

    settled(agent, issue, "done");
    assertThat(notes()).hasContent("hello");
    tell(program, "asked, accepted", "Write with a card", agent);
  }

  @ParameterizedTest
  @MethodSource("programs")
  void a_run_that_the_board_cancels_ends_within_two_seconds(AcpProgram program) throws IOException {
    String agent = agent(program, Map.of());
    model.on("Write for ever", silence());
    String issue = board.createAssignedIssue("Write for ever", agent);
    Await.until("the model is asked", host::log, () -> model.silent("Write for ever") > 0);
    List<ProcessHandle> processes = processes();
    assertThat(processes).isNotEmpty();

    Instant cancelled = Instant.now();
    board.post("/heartbeat-runs/" + InstalledAdapter.onlyRun(board, agent).path("id").asText() + "/cancel", Map.of());
    processes.forEach(process -> process.onExit().join());

    Duration took = Duration.between(cancelled, Instant.now());
    settled(agent, issue, "blocked");
    tell(program, "cancelled after " + took.toMillis() + " ms", "Write for ever", agent);
    assertThat(took).isLessThan(Duration.ofSeconds(2));
  }

  @ParameterizedTest
  @MethodSource("programs")
  void a_follow_up_comment_goes_on_in_the_session(AcpProgram program) throws IOException {
    String agent = agent(program, Map.of());
    model.on("Write twice", program.write(notes(), "hello"), FINISH);
    String issue = board.createIssue(Map.of("title", "Write twice", "description", "The long description.", "status",
        "todo", "assigneeAgentId", agent));
    settled(agent, issue, "done");

    model.on("Write twice", program.write(notes(), "blue"), FINISH);
    board.post("/issues/" + issue + "/comments", Map.of("body", "In blue, please.", "reopen", true));

    Await.until("it has been worked on again", host::log, () -> comments(issue).size() == 2);
    settled(agent, issue, "done");
    assertThat(notes()).hasContent("blue");
    assertThat(model.lastRequest("Write twice").toString()).contains("The long description.")
        .contains("In blue, please.");
    assertThat(log(agent)).contains("is gone on with");
    tell(program, "resumed", "Write twice", agent);
  }

  @ParameterizedTest
  @MethodSource("programs")
  void a_host_that_is_killed_in_mid_turn_tells_it_once_and_goes_on(AcpProgram program) throws IOException {
    String agent = agent(program, Map.of());
    model.on("Write and be killed", silence());
    String issue = board.createAssignedIssue("Write and be killed", agent);
    Await.until("the model is asked", host::log, () -> model.silent("Write and be killed") > 0);

    host.kill();
    host.start();

    settled(agent, issue, "blocked");
    assertThat(comments(issue)).singleElement().asString().contains("the work was cut off");
    assertThat(processes()).isEmpty();
    model.on("Write and be killed", program.write(notes(), "hello"), FINISH);
    board.post("/issues/" + issue + "/interactions/" + board.interactions(issue).get(0).path("id").asText()
        + "/accept", Map.of());
    settled(agent, issue, "done");
    assertThat(comments(issue)).hasSize(2);
    assertThat(notes()).hasContent("hello");
    tell(program, "told once, done", "Write and be killed", agent);
  }

  @ParameterizedTest
  @MethodSource("programs")
  void a_budget_of_one_cent_stops_the_work_in_mid_turn(AcpProgram program) throws IOException {
    String agent = agent(program, Map.of());
    board.patch("/agents/" + agent + "/budgets", Map.of("budgetMonthlyCents", 1));
    for (int i = 0; i < 20; i++) {
      model.on("Write without end", program.write(notes(), "text-" + i));
    }
    String issue = board.createAssignedIssue("Write without end", agent);

    // the server pauses the agent, and notes no end of its run
    Await.until("the issue is blocked", host::log, () -> board.issueStatus(issue).equals("blocked"));
    assertThat(comments(issue)).singleElement().asString().contains("the agent's budget is spent");
    tell(program, "stopped after " + model.answers("Write without end") + " calls", "Write without end", agent);
    assertThat(model.answers("Write without end")).isLessThan(20);
  }

  private String agent(AcpProgram program, Map<String, ?> more) throws IOException {
    Path home = open("home");
    Map<String, Object> settings = new HashMap<>(program.settings(Path.of(System.getProperty("acp.programs")),
        model.url(), home, open("workspace"), "allow " + program.writeRule()));
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.toList()) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxrwxrwx"));
      }
    }
    if (!USER.isEmpty()) {
      settings.put("run-as", USER);
    }
    settings.putAll(more);
    host.addWorker("coder", new ObjectMapper().writeValueAsString(Map.of("name", "acp", "settings", settings)));
    host.start();
    return InstalledAdapter.createAgent(board, Map.of());
  }

  /** A directory for every user. */
  private Path open(String name) throws IOException {
    Path opened = Files.createDirectories(directory.resolve(name));
    return Files.setPosixFilePermissions(opened, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  private Path notes() {
    return directory.resolve("workspace/notes.txt");
  }

  /** What the programs of this test run in. */
  private List<ProcessHandle> processes() {
    return ProcessHandle.allProcesses().filter(process -> !process.equals(ProcessHandle.current()))
        .filter(process -> process.info().commandLine()
            .filter(line -> line.contains(System.getProperty("acp.programs"))).isPresent())
        .toList();
  }

  private List<String> comments(String issue) {
    return IssueAssertions.agentCommentBodies(board, issue);
  }

  private String log(String agent) {
    return String.join("\n", board.runs(agent).stream().map(run -> board.get("/heartbeat-runs/" + run.path("id")
        .asText() + "/log?limitBytes=100000").path("content").asText()).toList());
  }

  private long tokens(String agent) {
    return usage(agent, "inputTokens") + usage(agent, "outputTokens");
  }

  private long usage(String agent, String name) {
    return board.runs(agent).stream().map(run -> board.get("/heartbeat-runs/" + run.path("id").asText()))
        .mapToLong(run -> run.path("usageJson").path(name).asLong()).sum();
  }

  private static long counted(int calls) {
    return (long) calls * (ScriptedModelServer.TOKENS_IN + ScriptedModelServer.TOKENS_OUT);
  }

  /** A line of the table. */
  private void tell(AcpProgram program, String seen, String title, String agent) {
    System.out.printf("acp-programs | %s | %s | %s | %d tokens told, %d by the model | %d cents%n", program, title,
        seen,
        tokens(agent), counted(model.answers(title)), board.get("/agents/" + agent).path("spentMonthlyCents").asLong());
  }

  private void settled(String agent, String issue, String status) {
    Await.until("the issue is " + status + " and its runs are over",
        () -> board.issueStatus(issue) + "\n" + comments(issue) + "\n" + log(agent) + "\n" + host.log(),
        () -> board.issueStatus(issue).equals(status) && IssueAssertions.allRunsOver(board, agent));
  }
}
