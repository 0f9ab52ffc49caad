package io.heartbeat4j.cli;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code heartbeat help [COMMAND...]}: the help of a command at any depth. */
@Command(name = "help", description = "Prints the help of a command.")
final class HelpCommand implements Runnable {

  @Spec
  private @Nullable CommandSpec spec;
  @Parameters(paramLabel = "COMMAND", description = "such as: journal settle")
  private List<String> words = List.of();

  @Override
  public void run() {
    CommandLine line = Objects.requireNonNull(spec).commandLine();
    CommandLine command = line.getParent();
    for (String word : words) {
      CommandLine next = command.getSubcommands().get(word);
      if (next == null) {
        throw new UnmatchedArgumentException(command, List.of(word));
      }
      command = next;
    }
    command.usage(line.getOut());
  }
}
