package io.heartbeat4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Every command answers when it is asked for help, and a wrong word names the nearest one. */
class CommandLineTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int heartbeat(String... args) {
    CommandLine line = HeartbeatCommand.commandLine(Map.of());
    line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return line.execute(args);
  }

  static Stream<String> commands() {
    return HeartbeatCommand.commandLine(Map.of()).getSubcommands().keySet().stream()
        .filter(name -> !name.equals("help"));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void help_is_printed_before_and_after_the_command_and_by_its_option(String command) {
    assertThat(heartbeat("help", command)).isZero();
    String help = out.toString();
    assertThat(help).startsWith("Usage: heartbeat " + command);

    assertThat(heartbeat(command, "help")).isZero();
    assertThat(heartbeat(command, "--help")).isZero();

    assertThat(out.toString()).isEqualTo(help.repeat(3));
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void help_reaches_the_commands_of_a_command() {
    assertThat(heartbeat("help", "journal", "settle")).isZero();
    assertThat(heartbeat("journal", "settle", "help")).isZero();

    assertThat(out.toString()).startsWith("Usage: heartbeat journal settle").contains("--state-dir");
  }

  @Test
  void a_project_is_not_named_help() {
    assertThat(heartbeat("new", "worker", "help")).isZero();

    assertThat(out.toString()).startsWith("Usage: heartbeat new worker");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "serv| there is no command or argument 'serv', did you mean 'serve'?",
      "help serv| there is no command or argument 'serv', did you mean 'serve'?",
      "journal setle| there is no command or argument 'setle', did you mean 'settle'?",
      "try issue.md --wroker=shell| there is no option '--wroker=shell', did you mean '--worker'?",
      "serve --confg=x| there is no option '--confg=x', did you mean '--config'?"
  })
  void a_wrong_word_names_the_nearest(String words, String message) {
    assertThat(heartbeat(words.split(" "))).isEqualTo(64);

    assertThat(err.toString()).contains(message);
  }

  @Test
  void the_demo_says_at_once_what_a_custom_distribution_has_left_out(@TempDir Path home) {
    String before = System.getProperty("heartbeat.home");
    System.setProperty("heartbeat.home", home.toString());
    try {
      assertThat(heartbeat("demo")).isNotZero();
    } finally {
      if (before == null) {
        System.clearProperty("heartbeat.home");
      } else {
        System.setProperty("heartbeat.home", before);
      }
    }

    assertThat(err.toString()).contains("the demo needs bin/heartbeat, etc/demo/agent.sh, plugins/shell",
        home.toString());
  }
}
