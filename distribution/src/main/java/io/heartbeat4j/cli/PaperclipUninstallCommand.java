package io.heartbeat4j.cli;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code heartbeat paperclip uninstall}. */
@Command(name = "uninstall", mixinStandardHelpOptions = true, description = {
    "Removes the adapter from the server, and its files. Not while agents use it: their wakes would fail."
}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
    " 0:the adapter is removed, or was not installed",
    "69:the server could not be reached",
    "77:the server needs a board key of an instance admin",
    "78:agents use the adapter, or its files can't be deleted"
})
final class PaperclipUninstallCommand implements Callable<Integer> {

  @ParentCommand
  private @Nullable PaperclipCommand parent;

  @Mixin
  private PaperclipServerOptions server = new PaperclipServerOptions();

  @Option(names = "--force", description = "also while agents use it")
  private boolean force;

  @Override
  public Integer call() {
    PaperclipCommand command = Objects.requireNonNull(parent);
    BoardSession board = server.connect();
    List<String> users = board.agentsWith(InstalledAdapter.TYPE).stream()
        .map(agent -> agent.name() + " (" + agent.company() + ")").toList();
    if (!users.isEmpty() && !force) {
      throw new CommandFailure(ExitCode.CONFIGURATION, "the adapter is not removed, because agents use it: "
          + String.join(", ", users) + "; give them another adapter, or use --force");
    }
    if (InstalledAdapter.find(board).isPresent()) {
      board.delete(InstalledAdapter.PATH);
    }
    server.directory(command.environment()).delete();
    command.out().println("The server at " + board.server() + " has the adapter no longer.");
    return ExitCode.OK.code();
  }
}
