package io.heartbeat4j.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code heartbeat paperclip status}. Changes nothing. */
@Command(name = "status", mixinStandardHelpOptions = true, description = {
    "Shows the installed adapter, whether it reaches the host, and the agents that use it. Changes nothing."
}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
    " 0:the adapter is installed and reaches the host",
    "69:the server could not be reached",
    "77:the server needs a board key",
    "78:the adapter is not installed, is another version than this one, or does not reach the host"
})
final class PaperclipStatusCommand implements Callable<Integer> {

  @ParentCommand
  private @Nullable PaperclipCommand parent;

  @Mixin
  private PaperclipServerOptions server = new PaperclipServerOptions();

  @Override
  public Integer call() {
    PaperclipCommand command = Objects.requireNonNull(parent);
    PrintWriter out = command.out();
    BoardSession board = server.connect();
    Optional<InstalledAdapter> installed = InstalledAdapter.find(board);
    if (installed.isEmpty()) {
      out.println("PROBLEM  The server at " + board.server() + " has no adapter " + InstalledAdapter.TYPE
          + "; run 'heartbeat paperclip install'.");
      return ExitCode.CONFIGURATION.code();
    }
    String shipped = server.directory(command.environment()).target(PaperclipInstallCommand.shippedAdapter())
        .toString();
    boolean current = installed.get().folder().equals(shipped);
    out.println((current ? "ok       " : "PROBLEM  ") + "The server at " + board.server() + " has the adapter "
        + installed.get().version() + " from " + installed.get().folder()
        + (current ? "." : ", which is not the one of this distribution; run 'heartbeat paperclip install'."));
    List<JsonNode> companies = board.companies();
    boolean reached = companies.isEmpty()
        || InstalledAdapter.test(board, companies.get(0).path("id").asText(), Map.of(), out);
    board.agentsWith(InstalledAdapter.TYPE).forEach(agent -> out.println("agent    " + agent.name() + " of "
        + agent.company() + ": " + agent.configuration().path("profile")
            .asText(agent.configuration().path("model").asText("default profile"))));
    return (current && reached ? ExitCode.OK : ExitCode.CONFIGURATION).code();
  }
}
