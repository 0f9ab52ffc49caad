package io.heartbeat4j.worker.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.map;

import io.heartbeat4j.worker.ReviewAssignment;
import io.heartbeat4j.worker.Trigger;
import io.heartbeat4j.worker.WorkResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real commands, run by the worker as a heartbeat runs it. */
@Timeout(60)
class ShellWorkerTest {

  private static final Map<String, String> HOST = Map.of("PATH", System.getenv("PATH"));

  @TempDir
  Path directory;

  private FakeWorkContext context;

  @BeforeEach
  void open() {
    context = new FakeWorkContext(directory);
  }

  private static ShellSettings settings(List<String> command) {
    return new ShellSettings(command, false, OutputFormat.TEXT, Optional.empty(), Duration.ofSeconds(30), Duration.ZERO,
        Duration.ofMillis(300), Map.of(), List.of(), false, 16_000, 2_000, Map.of(), Optional.empty());
  }

  private static ShellSettings line(String line) {
    return settings(List.of("sh", "-c", line));
  }

  private WorkResult run(ShellSettings settings) throws Exception {
    return new ShellWorker(settings, Optional.empty(), HOST).perform(context);
  }

  private static String summary(WorkResult result) {
    return ((WorkResult.Done) result).summary();
  }

  @Test
  void arguments_reach_the_command_as_they_are_and_no_shell_reads_them() throws Exception {
    String summary = summary(run(settings(List.of("printf", "<%s>", "two words", "$HOME", "; rm -rf *", "'\"", ""))));

    assertThat(summary).isEqualTo("<two words><$HOME><; rm -rf *><'\"><>");
  }

  @Test
  void with_shell_true_the_one_line_is_read_by_sh() throws Exception {
    ShellSettings settings = new ShellSettings(List.of("echo $((6 * 7)) | tr 4 5"), true, OutputFormat.TEXT,
        Optional.empty(),
        Duration.ofSeconds(30), Duration.ZERO, Duration.ofSeconds(1), Map.of(), List.of(), false, 16_000, 2_000,
        Map.of(), Optional.empty());

    assertThat(summary(run(settings))).isEqualTo("52");
  }

  @Test
  void the_issue_is_on_standard_input_and_the_same_in_the_context_file() throws Exception {
    String summary = summary(run(line("cat > in.json; cmp in.json \"$HEARTBEAT_CONTEXT_FILE\" && cat in.json")));

    assertThat(JsonTreeParser.parse(summary)).asInstanceOf(map(String.class, Object.class)).satisfies(json -> {
      assertThat(json).containsEntry("readOnly", false).containsEntry("run", context.run().id().toString());
      assertThat(json.get("issue")).asString().contains("Say \"hello\"").contains("In äll ways.");
      assertThat(json.get("ancestors")).asString().contains("Be kind");
      assertThat(json.get("comments")).asString().contains("Please.");
      assertThat(json.get("manager")).asString().contains("Cora");
      assertThat(json.get("trigger")).asString().contains("issue_assigned");
    });
  }

  @Test
  void a_command_is_told_that_its_verdict_is_asked_for() throws Exception {
    context.reviewAssignment = new ReviewAssignment("approval", Optional.of("Look at the lock."));
    context.trigger = new Trigger.ReviewRequested(context.reviewAssignment);

    assertThat(JsonTreeParser.parse(summary(run(line("cat"))))).asInstanceOf(map(String.class, Object.class))
        .satisfies(json -> {
          assertThat(json).containsEntry("review", Map.of("stage", "approval", "instructions", "Look at the lock."));
          assertThat(json.get("trigger")).isEqualTo(Map.of("kind", "review_asked"));
        });
  }

  @Test
  void a_command_need_not_read_its_input() throws Exception {
    assertThat(summary(run(line("exec 0<&-; echo fine")))).isEqualTo("fine");
  }

  @Test
  void the_result_file_wins_over_exit_code_and_output() throws Exception {
    WorkResult result = run(line("echo noise; echo '{\"result\":\"done\",\"summary\":\"From the file.\"}'"
        + " > \"$HEARTBEAT_RESULT_FILE\"; exit 9"));

    assertThat(result).isEqualTo(new WorkResult.Done("From the file."));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      ln -s "$PWD/secret" "$HEARTBEAT_RESULT_FILE"    | a symbolic link
      ln -s secret "$HEARTBEAT_RESULT_FILE"           | a symbolic link
      ln -s nowhere "$HEARTBEAT_RESULT_FILE"          | a symbolic link
      ln -s /dev/zero "$HEARTBEAT_RESULT_FILE"        | a symbolic link
      mkdir "$HEARTBEAT_RESULT_FILE"                  | a directory
      mkfifo "$HEARTBEAT_RESULT_FILE"                 | a pipe or a device
      """)
  void a_result_file_that_is_no_plain_file_is_not_read(String attack, String kind) throws Exception {
    assertThatThrownBy(() -> run(line("echo '{\"result\":\"done\",\"summary\":\"sesame\"}' > secret; "
        + attack + "; echo spoken")))
        .isInstanceOf(CommandFailedException.class)
        .hasMessage("the command's result file can't be used: it is " + kind + ", not a plain file");
  }

  @Test
  void an_empty_result_file_counts_as_none() throws Exception {
    assertThat(summary(run(line(": > \"$HEARTBEAT_RESULT_FILE\"; echo spoken")))).isEqualTo("spoken");
  }

  @Test
  void exit_0_with_output_is_done_and_standard_error_counts_where_there_is_nothing_else() throws Exception {
    assertThat(summary(run(line("echo out; echo err >&2")))).isEqualTo("out");
    assertThat(summary(run(line("echo only err >&2")))).isEqualTo("only err");
  }

  @Test
  void exit_0_without_a_word_is_never_done() {
    assertThatThrownBy(() -> run(line("exit 0")))
        .isInstanceOf(CommandFailedException.class).hasMessageContaining("nobody knows whether the work is done");
  }

  @Test
  void exit_75_comes_back_in_a_quarter_of_an_hour() throws Exception {
    assertThat(run(line("echo quota; exit 75"))).isInstanceOfSatisfying(WorkResult.Later.class, later -> {
      assertThat(later.reason()).isEqualTo("quota");
      assertThat(later.at()).isBetween(Instant.now().plusSeconds(14 * 60), Instant.now().plusSeconds(16 * 60));
    });
    assertThat(run(line("exit 75"))).isInstanceOf(WorkResult.Later.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 64, 126, 255})
  void any_other_exit_code_fails_with_the_last_words(int code) {
    assertThatThrownBy(() -> run(line("for i in $(seq 40); do echo line $i; done; exit " + code)))
        .isInstanceOf(CommandFailedException.class)
        .hasMessageContaining("exit code " + code)
        .hasMessageContaining("line 40").hasMessageContaining("line 26")
        .message().doesNotContain("line 25\n");
  }

  @Test
  void a_mention_is_answered_with_the_output_or_with_nothing() throws Exception {
    context.readOnly = true;

    assertThat(run(line("echo in the drawer"))).isEqualTo(new WorkResult.Reply("in the drawer"));
    assertThat(run(line("exit 0"))).isEqualTo(new WorkResult.Nothing());
  }

  @Test
  void every_line_is_shown_as_it_comes_up_to_the_limit() throws Exception {
    ShellSettings few = new ShellSettings(List.of("seq", "5"), false, OutputFormat.TEXT, Optional.empty(),
        Duration.ofSeconds(30),
        Duration.ZERO, Duration.ofSeconds(1), Map.of(), List.of(), false, 16_000, 3, Map.of(), Optional.empty());

    assertThat(summary(run(few))).isEqualTo("1\n2\n3\n4\n5");
    assertThat(context.progress).containsExactly("1", "2", "3", "(more output is not shown)");
  }

  @Test
  void only_the_end_of_much_output_is_kept() throws Exception {
    ShellSettings small = new ShellSettings(List.of("seq", "100000"), false, OutputFormat.TEXT, Optional.empty(),
        Duration.ofSeconds(30),
        Duration.ZERO, Duration.ofSeconds(1), Map.of(), List.of(), false, 100, 0, Map.of(), Optional.empty());

    assertThat(summary(run(small))).startsWith("(earlier output is left out)\n").endsWith("\n99999\n100000")
        .hasSizeLessThan(150);
  }

  @Test
  void a_line_without_end_does_not_fill_the_memory() throws Exception {
    String summary = summary(run(line("echo first; head -c 50000000 /dev/zero | tr '\\0' x; echo; echo last")));

    assertThat(summary).isEqualTo("first\n(the rest of this line is left out)\nlast");
  }

  @Test
  void a_word_that_is_written_in_pieces_is_one_line() throws Exception {
    run(line("printf 'ses'; sleep 0.2; printf 'ame\\n'"));

    assertThat(context.progress).containsExactly("sesame");
  }

  @Test
  void a_command_that_does_not_exist_is_named_with_the_setting_to_mend() {
    assertThatThrownBy(() -> run(settings(List.of("no-such-command-anywhere"))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no-such-command-anywhere").hasMessageContaining("'command'")
        .message().doesNotContain("\n");
  }

  @Test
  void a_command_that_is_not_executable_says_so() throws IOException {
    Path script = Files.writeString(directory.resolve("work.sh"), "#!/bin/sh\necho hi\n");

    assertThatThrownBy(() -> run(settings(List.of(script.toString()))))
        .isInstanceOf(IOException.class).hasMessageContaining("work.sh").hasMessageContaining("Permission denied");
  }

  @Test
  void a_workspace_that_does_not_exist_is_named_with_the_setting_to_mend() {
    ShellSettings settings = new ShellSettings(List.of("true"), false, OutputFormat.TEXT,
        Optional.of(directory.resolve("gone")),
        Duration.ofSeconds(30), Duration.ZERO, Duration.ofSeconds(1), Map.of(), List.of(), false, 16_000, 2_000,
        Map.of(), Optional.empty());

    assertThatThrownBy(() -> run(settings))
        .isInstanceOf(IOException.class).hasMessageContaining(directory.resolve("gone").toString())
        .hasMessageContaining("'workspace'");
  }

  @Test
  void it_works_in_the_configured_workspace_else_in_the_prepared_one_else_in_the_scratch_directory() throws Exception {
    Path prepared = Files.createDirectory(directory.resolve("prepared"));
    Path configured = Files.createDirectory(directory.resolve("configured"));
    ShellSettings inConfigured = new ShellSettings(List.of("pwd"), false, OutputFormat.TEXT, Optional.of(configured),
        Duration.ofSeconds(30), Duration.ZERO, Duration.ofSeconds(1), Map.of(), List.of(), false, 16_000, 2_000,
        Map.of(), Optional.empty());

    assertThat(summary(run(settings(List.of("pwd"))))).isEqualTo(directory.toRealPath().toString());
    context.workspace = prepared;
    assertThat(summary(run(settings(List.of("pwd"))))).isEqualTo(prepared.toRealPath().toString());
    assertThat(summary(run(inConfigured))).isEqualTo(configured.toRealPath().toString());
  }

  @Test
  void a_stopped_heartbeat_ends_the_command() {
    context.stop();

    assertThatThrownBy(() -> run(line("sleep 1000"))).isInstanceOf(CancellationException.class);
  }

  @Test
  void a_command_that_a_signal_to_end_has_reached_first_was_stopped_too() {
    assertThatThrownBy(() -> run(line("kill -TERM $$")))
        .isInstanceOf(CancellationException.class).hasMessageContaining("SIGTERM");
  }

  @Test
  void settings_that_make_no_sense_are_refused_with_what_to_write() {
    assertThatThrownBy(() -> settings(List.of())).hasMessageContaining("command is missing");
    assertThatThrownBy(() -> new ShellSettings(List.of("a", "b"), true, OutputFormat.TEXT, Optional.empty(),
        Duration.ZERO, Duration.ZERO,
        Duration.ZERO, Map.of(), List.of(), false, 16_000, 0, Map.of(), Optional.empty()))
        .hasMessageContaining("one line; it has 2");
    assertThatThrownBy(
        () -> new ShellSettings(List.of("a"), false, OutputFormat.TEXT, Optional.empty(), Duration.ZERO, Duration.ZERO,
            Duration.ZERO, Map.of(), List.of(), false, 5, 0, Map.of(), Optional.empty()))
        .hasMessageContaining("at least 100");
  }
}
