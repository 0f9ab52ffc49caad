package io.heartbeat4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class CompletionCommandTest {

  @TempDir
  private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @CsvSource({"ser,serve", "journal set,settle", "try --worker-d,--worker-directory", "plugin inst,install"})
  void bash_completes_a_command_and_an_option(String words, String expected) throws Exception {
    heartbeat("completion", "bash");
    Path script = Files.writeString(directory.resolve("heartbeat.bash"), out.toString());
    Process bash = new ProcessBuilder("bash", "--norc", "-c", "source " + script
        + "; compopt() { :; }; COMP_WORDS=(heartbeat " + words
        + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _complete_heartbeat; printf '%s\\n' \"${COMPREPLY[@]}\"")
        .redirectErrorStream(true).start();

    assertThat(new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().map(String::strip))
        .containsExactly(expected);
  }

  @Test
  void fish_is_told_every_command_with_its_options() {
    heartbeat("completion", "fish");

    assertThat(out.toString().lines())
        .anyMatch(line -> line.startsWith("complete -c heartbeat -f -n 'not __fish_seen_subcommand_from ")
            && line.endsWith(" -a check -d 'Checks a host\\'s configuration without starting it.'"))
        .anyMatch(
            line -> line.startsWith("complete -c heartbeat -n '__fish_seen_subcommand_from try' -l worker -r -d '"))
        .anyMatch(
            line -> line.contains("'__fish_seen_subcommand_from journal; and not __fish_seen_subcommand_from settle'"
                + " -a settle"))
        .noneMatch(line -> line.contains(" -a train"));
  }

  @Test
  void a_distribution_has_the_scripts_and_a_manual_page_of_each_command() throws IOException {
    assertThat(heartbeat("completion", "--all", directory.toString())).isZero();

    assertThat(directory.resolve("completion/heartbeat.bash")).isNotEmptyFile();
    assertThat(directory.resolve("completion/heartbeat.fish")).isNotEmptyFile();
    List<Path> pages;
    try (Stream<Path> files = Files.list(directory.resolve("man/man1"))) {
      pages = files.sorted().toList();
    }
    assertThat(pages).extracting(page -> page.getFileName().toString())
        .contains("heartbeat.1", "heartbeat-serve.1", "heartbeat-journal-settle.1")
        .doesNotContain("heartbeat-train.1");
    assertThat(pages).allSatisfy(page -> assertThat(Files.readAllLines(page)).first().asString().startsWith(".TH "))
        .allSatisfy(page -> assertThat(Files.readString(page).lines().filter(line -> line.startsWith("."))
            .map(line -> line.split(" ", 2)[0])).containsExactly(".TH", ".SH", ".SH", ".nf", ".fi"));
    assertThat(directory.resolve("man/man1/heartbeat-try.1")).content().contains("heartbeat\\-try \\- Gives an issue",
        "\\-\\-worker\\-directory=PATH");
  }

  @Test
  void without_a_shell_it_says_which_there_are() {
    assertThat(heartbeat("completion")).isEqualTo(64);
    assertThat(err.toString()).contains("name the shell: bash, zsh or fish");
  }

  private int heartbeat(String... arguments) {
    CommandLine line = HeartbeatCommand.commandLine(Map.of());
    line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }
}
