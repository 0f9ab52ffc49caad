package io.heartbeat4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.cli.shell.Commands;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;

/** docs/commands.md has every command with its exit codes, as the command's own help has them. */
class CommandTableTest {

  @Test
  void the_page_of_the_commands_has_the_exit_codes_of_each() {
    String table = Commands.all(HeartbeatCommand.commandLine(Map.of()))
        .map(command -> rows(command.getCommandSpec())).collect(Collectors.joining());

    assertThat(Path.of("../docs/commands.md")).content().endsWith("| --- | --- | --- |\n" + table);
  }

  private static String rows(CommandSpec command) {
    return command.usageMessage().exitCodeList().entrySet().stream()
        .map(exit -> "| `" + command.qualifiedName() + "` | " + exit.getKey().strip() + " | "
            + exit.getValue().replace("|", "\\|") + " |\n")
        .collect(Collectors.joining());
  }
}
