package io.heartbeat4j.cli;

import io.heartbeat4j.cli.shell.Commands;
import io.heartbeat4j.cli.shell.FishCompletion;
import io.heartbeat4j.cli.shell.ManualPage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code heartbeat completion}. */
@Command(name = "completion", mixinStandardHelpOptions = true, description = {
    "Prints the completion script of a shell.",
    "In ~/.bashrc or ~/.zshrc: source <(heartbeat completion bash). For fish: heartbeat completion fish"
        + " > ~/.config/fish/completions/heartbeat.fish. A distribution has them, and manual pages, in its share/.",
    ""}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {" 0:printed", "64:an argument is wrong"})
final class CompletionCommand implements Callable<Integer> {

  enum Shell {
    BASH, ZSH, FISH
  }

  @Spec
  private @Nullable CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "bash|zsh|fish", description = "the shell")
  private @Nullable Shell shell;

  @Option(names = "--all", hidden = true, paramLabel = "DIR", description = "writes the scripts and the manual pages")
  private @Nullable Path directory;

  @Override
  public Integer call() throws IOException {
    CommandLine line = Objects.requireNonNull(spec).commandLine();
    CommandLine heartbeat = Objects.requireNonNull(line.getParent());
    if (directory != null) {
      writeAll(heartbeat, directory);
    } else {
      PrintWriter out = line.getOut();
      out.print(script(heartbeat, Optional.ofNullable(shell).orElseThrow(() -> new CommandFailure(ExitCode.USAGE,
          "name the shell: bash, zsh or fish"))));
      out.flush();
    }
    return ExitCode.OK.code();
  }

  /** The script for bash serves zsh too: it turns on zsh's functions for bash completion by itself. */
  private static String script(CommandLine heartbeat, Shell shell) {
    return switch (shell) {
      case BASH, ZSH -> AutoComplete.bash(heartbeat.getCommandName(), heartbeat);
      case FISH -> FishCompletion.of(heartbeat);
    };
  }

  private static void writeAll(CommandLine heartbeat, Path directory) throws IOException {
    for (Shell shell : new Shell[]{Shell.BASH, Shell.FISH}) {
      String extension = shell.name().toLowerCase(Locale.ROOT);
      Files.writeString(Files.createDirectories(directory.resolve("completion")).resolve("heartbeat." + extension),
          script(heartbeat, shell));
    }
    Path pages = Files.createDirectories(directory.resolve("man/man1"));
    for (CommandLine command : Commands.all(heartbeat).toList()) {
      ManualPage page = ManualPage.of(command, NewCommand.version().orElse(""));
      Files.writeString(pages.resolve(page.name() + ".1"), page.text());
    }
  }
}
