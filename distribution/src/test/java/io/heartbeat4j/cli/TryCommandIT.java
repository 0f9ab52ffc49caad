package io.heartbeat4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.heartbeat4j.cli.DistributionProcess.ProcessResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code heartbeat try}, as the author of a worker uses it in a shell and in scripts. */
class TryCommandIT {

  private static final Pattern WORKSPACE = Pattern.compile("(?m)^workspace (.+)$");
  private static final String PLANTS = "---\ntitle: Water the plants\n---\nAll of them.\n";

  @TempDir
  Path directory;

  @TempDir
  Path temporary;

  private ProcessResult heartbeat(String... arguments) {
    return DistributionProcess.heartbeat(Map.of("PATH", System.getenv("PATH"), "HOME", directory.toString(),
        "HEARTBEAT_AOT", "off", "HEARTBEAT_WORKER_COMMAND", "[\"not-for-a-trial\"]",
        "HEARTBEAT_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary), arguments);
  }

  private ProcessResult tryShell(String issue, String command, String... options) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("try", write("issue.md", issue), "--worker", "shell",
        "--set", "shell=true", "--set", "command=" + command));
    arguments.addAll(List.of(options));
    return heartbeat(arguments.toArray(String[]::new));
  }

  private String write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text).toString();
  }

  @Test
  void an_issue_is_worked_and_its_steps_and_result_are_printed() throws IOException {
    write("prices.txt", "12 a piece");
    ProcessResult tried = tryShell("""
        ---
        title: Water the plants
        comments: [Not the cactus.]
        attachments: [prices.txt]
        ---
        All of them.
        """, "cat prices.txt; echo; grep -o 'Not the cactus\\|All of them' | sort -r");

    assertThat(tried.code()).as(tried.err()).isZero();
    assertThat(tried.err()).isEmpty();
    assertThat(tried.out().lines()).contains(
        "5 Checkout           TRI-1   Water the plants", "= TRI-1 is done", "TRI-1 done Water the plants",
        "comment by user", "    Not the cactus.", "comment by agent", "    12 a piece", "    All of them");
    Matcher workspace = WORKSPACE.matcher(tried.out());
    assertThat(workspace.find()).isTrue();
    assertThat(Path.of(workspace.group(1)).resolve("prices.txt")).as("the kept workspace").hasContent("12 a piece");
  }

  @Test
  void json_is_one_object_with_subtasks_cards_and_steps() throws IOException {
    ProcessResult tried = tryShell(PLANTS, """
        printf '%s' '{"result":"needs_review","summary":"Please look.","review":{"card":{"prompt":"Is it wet?"}},\
        "delegations":[{"title":"Buy a can","description":"A green one."}],"usage":[{"provider":"p","model":"m",\
        "inputTokens":900,"cachedInputTokens":0,"outputTokens":80,"costUsd":0.02}]}' > "$HEARTBEAT_RESULT_FILE"
        """,
        "--json", "--workspace", directory.toString());

    assertThat(tried.code()).as(tried.out() + tried.err()).isZero();
    assertThat(tried.out().lines()).hasSize(1);
    JsonNode report = new ObjectMapper().readTree(tried.out());
    assertThat(report.path("exitCode").asInt()).isZero();
    assertThat(report.path("issue").path("title").asText()).isEqualTo("Water the plants");
    assertThat(report.path("issue").path("status").asText()).isEqualTo("in_review");
    assertThat(report.path("comments").findValuesAsText("body")).singleElement().asString().contains("Please look.");
    assertThat(report.path("subtasks").findValuesAsText("title")).containsExactly("Buy a can");
    assertThat(report.path("cards").findValuesAsText("status")).containsExactly("pending");
    assertThat(report.path("steps").findValuesAsText("name")).contains("Checkout", "Do the Work", "Delegate");
    assertThat(report.path("cost").path("cents").asLong()).isEqualTo(2);
    assertThat(report.path("workspace").asText()).isEqualTo(directory.toString());
  }

  @Test
  void a_worker_that_fails_is_exit_code_1_though_the_issue_is_settled() throws IOException {
    ProcessResult tried = tryShell(PLANTS, "echo no water >&2; exit 3");

    assertThat(tried.code()).isEqualTo(ExitCode.WORK_FAILED.code());
    assertThat(tried.out()).contains("! the work failed", "= TRI-1 is blocked", "no water",
        "card request_confirmation pending Try again?");
  }

  @Test
  void there_is_one_heartbeat_though_the_result_wakes_the_agent_again() throws IOException {
    Path calls = directory.resolve("calls");
    ProcessResult tried = tryShell(PLANTS, "echo called >> " + calls + "; printf '%s' '{\"result\":\"blocked\","
        + "\"reason\":\"Not yet.\",\"unblock\":{\"self\":\"Look again.\"}}' > \"$HEARTBEAT_RESULT_FILE\"");

    assertThat(tried.code()).as(tried.out() + tried.err()).isZero();
    assertThat(tried.out()).contains("= TRI-1 is blocked");
    assertThat(calls).hasContent("called");
  }

  @Test
  void a_signal_stops_the_work_and_leaves_nothing_but_the_workspace() throws IOException {
    ProcessResult tried = tryShell(PLANTS, "kill -TERM $PPID; sleep 600");

    assertThat(tried.code()).isEqualTo(128 + 15);
    assertThat(tried.out()).contains("! the work was cut short", "= TRI-1 is blocked");
    Matcher workspace = WORKSPACE.matcher(tried.out());
    assertThat(workspace.find()).isTrue();
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left).containsExactly(Path.of(workspace.group(1)));
    }
  }

  @Test
  void a_worker_that_is_not_installed_is_tried_from_its_classes() throws IOException {
    Path source = Path.of(System.getProperty("repository")).resolve("examples/worker-hello/src/main");
    Path classes = Files.createDirectory(directory.resolve("classes"));
    assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, "-proc:none", "-d", classes.toString(),
        "-cp", System.getProperty("java.class.path"),
        source.resolve("java/io/example/hello/HelloWorkerFactory.java").toString())).isZero();
    Path services = Files.createDirectories(classes.resolve("META-INF/services"));
    try (Stream<Path> files = Files.list(source.resolve("resources/META-INF/services"))) {
      for (Path file : files.toList()) {
        Files.copy(file, services.resolve(file.getFileName()));
      }
    }

    ProcessResult tried = heartbeat("try", write("issue.md", PLANTS), "--worker", "hello", "--worker-directory",
        classes.toString());

    assertThat(tried.code()).as(tried.out() + tried.err()).isZero();
    assertThat(tried.out().lines()).contains("    Hello! I have seen to \"Water the plants\".");
  }

  @Test
  void settings_come_from_the_issue_then_the_file_then_the_arguments() throws IOException {
    String settings = write("settings.yaml", "environment: {B: file, C: file}\ncommand: echo $A$B$C\n");
    ProcessResult tried = heartbeat("try", write("issue.md", """
        ---
        title: Water the plants
        settings:
          shell: true
          command: echo overridden
        ---
        """), "--worker", "shell", "--settings", settings, "--set", "environment.C=argument");

    assertThat(tried.code()).as(tried.out() + tried.err()).isZero();
    assertThat(tried.out().lines()).contains("    fileargument");
  }

  @Test
  void an_attachment_does_not_overwrite_a_file_of_the_workspace() throws IOException {
    Path workspace = Files.createDirectory(directory.resolve("workspace"));
    write("prices.txt", "12 a piece");
    Path mine = Files.writeString(workspace.resolve("prices.txt"), "mine");

    ProcessResult refused = tryShell("---\ntitle: Water the plants\nattachments: [prices.txt]\n---\n", "echo done",
        "--workspace", workspace.toString());

    assertThat(refused.code()).isEqualTo(78);
    assertThat(refused.errorLines()).singleElement().asString().contains("would overwrite " + mine,
        "rename one of them");
    assertThat(mine).hasContent("mine");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "try none.md --worker shell| 78| there is no file none.md: name a Markdown file with an issue",
      "try issue.md| 64| Missing required option: '--worker=NAME'",
      "try --worker shell| 64| Missing required parameter: 'ISSUE.md'",
      "try issue.md --worker shel| 78| there is no worker named 'shel', did you mean 'shell'? Found in",
      "try issue.md --worker shell --set timout=5m| 78| worker.settings.timout is not a setting, did you mean 'timeout'?",
      "try issue.md --worker shell --set timeout=soon --set command=true| 78| worker.settings.timeout: 'soon' is not a duration",
      "try issue.md --worker shell| 78| worker.settings: command is missing",
      "try issue.md --worker shell --set timeout| 64| KEY=VALUE",
      "try issue.md --worker shell --settings none.yaml| 78| there is no file none.yaml: check the path given to --settings",
      "try issue.md --worker shell --workspace none| 64| there is no directory none: create it, or leave out --workspace",
      "try issue.md --worker hello --worker-directory none| 78| none does not exist: name the directory of a worker project",
      "try titel.md --worker shell| 78| titel.md: front matter.titel is not a setting, did you mean 'title'?",
      "try attached.md --worker shell --set command=true| 78| front matter.attachments: there is no file",
      "try issue.md --wroker shell| 64| there is no option '--wroker', did you mean '--worker'?"
  })
  void what_can_not_be_used_is_one_line_that_says_what_to_change(String line, int code, String message)
      throws IOException {
    write("issue.md", PLANTS);
    write("titel.md", "---\ntitel: x\ntitle: y\n---\n");
    write("attached.md", "---\ntitle: x\nattachments: [none.txt]\n---\n");
    String[] arguments = Stream.of(line.split(" "))
        .map(word -> word.endsWith(".md") && !word.equals("none.md") ? directory.resolve(word).toString() : word)
        .toArray(String[]::new);

    ProcessResult refused = heartbeat(arguments);

    assertThat(refused.errorLines()).singleElement().asString().startsWith("heartbeat: ").contains(message);
    assertThat(refused.code()).isEqualTo(code);
    assertThat(refused.out()).isEmpty();
    assertThat(temporary).isEmptyDirectory();
  }
}
