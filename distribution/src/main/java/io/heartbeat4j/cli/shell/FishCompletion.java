package io.heartbeat4j.cli.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Completion for fish, which picocli does not write. */
public final class FishCompletion {

  private FishCompletion() {}

  /** The script for a command with all that is below it. */
  public static String of(CommandLine command) {
    List<String> lines = new ArrayList<>();
    add(command, List.of(), lines);
    return String.join("\n", lines) + "\n";
  }

  /** @param path the names of the commands between the first one and this one */
  private static void add(CommandLine command, List<String> path, List<String> lines) {
    List<CommandLine> below = Commands.below(command);
    String names = below.stream().map(CommandLine::getCommandName).collect(Collectors.joining(" "));
    String here = path.stream().map(name -> "__fish_seen_subcommand_from " + name)
        .collect(Collectors.joining("; and "));
    String top = "complete -c " + root(command).getCommandName();
    for (CommandLine each : below) {
      String condition = (here.isEmpty() ? "" : here + "; and ") + "not __fish_seen_subcommand_from " + names;
      lines.add(top + " -f -n " + quote(condition) + " -a " + each.getCommandName() + " -d "
          + quote(Commands.summary(each)));
    }
    for (OptionSpec option : command.getCommandSpec().options()) {
      if (!option.hidden()) {
        lines.add(top + (here.isEmpty() ? "" : " -n " + quote(here)) + " -l "
            + option.longestName().replaceFirst("^-+", "")
            + (option.arity().max() > 0 ? " -r" : "") + " -d " + quote(String.join(" ", option.description())));
      }
    }
    for (CommandLine each : below) {
      List<String> next = new ArrayList<>(path);
      next.add(each.getCommandName());
      add(each, next, lines);
    }
  }

  private static CommandLine root(CommandLine command) {
    return command.getParent() == null ? command : root(command.getParent());
  }

  private static String quote(String text) {
    return "'" + text.replace("%n", " ").replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
