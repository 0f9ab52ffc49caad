package io.heartbeat4j.cli.shell;

import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;

/** The commands that are shown to people. */
public final class Commands {

  private Commands() {}

  /** Those directly below, in their order. */
  static List<CommandLine> below(CommandLine command) {
    return command.getSubcommands().values().stream().distinct()
        .filter(each -> !each.getCommandSpec().usageMessage().hidden()).toList();
  }

  /** The command and all below it. */
  public static Stream<CommandLine> all(CommandLine command) {
    return Stream.concat(Stream.of(command), below(command).stream().flatMap(Commands::all));
  }

  /** What it does, in one line. */
  static String summary(CommandLine command) {
    String[] description = command.getCommandSpec().usageMessage().description();
    return description.length == 0 ? "" : description[0].replace("%n", " ").strip();
  }
}
