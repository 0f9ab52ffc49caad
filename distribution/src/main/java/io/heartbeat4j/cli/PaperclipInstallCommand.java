package io.heartbeat4j.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code heartbeat paperclip install}. */
@Command(name = "install", mixinStandardHelpOptions = true, description = {
    "Installs the adapter, or another version of it, without a restart of the server.",
    "Copies it to a directory that the server reads, and has the server load it. Without an option for the host, what an",
    "earlier installation said stays, or the socket of a host that runs on this machine is taken."
}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
    " 0:the adapter is installed",
    "64:an argument is wrong",
    "69:the server could not be reached, or could not load the adapter",
    "77:the server needs a board key of an instance admin",
    "78:the files can't be copied"
})
final class PaperclipInstallCommand implements Callable<Integer> {

  @ParentCommand
  private @Nullable PaperclipCommand parent;

  @Mixin
  private PaperclipServerOptions server = new PaperclipServerOptions();

  @ArgGroup(exclusive = true)
  private @Nullable HostPlace host;

  @Option(names = "--host-key-file", paramLabel = "FILE", description = "holds the host's listen.adapter-key, for --host-url; else it is asked for")
  private @Nullable Path hostKeyFile;

  @Option(names = "--server", paramLabel = "URL", description = "the server's address as host.yaml names it, for a host of several servers")
  private @Nullable String serverName;

  @Option(names = "--server-user", paramLabel = "USER", description = "the server's user, if it is another one: the file with the host's key is given to it")
  private @Nullable String serverUser;

  @Option(names = "--agent", paramLabel = "NAME", description = "makes an agent with this adapter")
  private @Nullable String agent;

  @Option(names = "--profile", paramLabel = "NAME", description = "the agent's profile; default: the host's")
  private @Nullable String profile;

  @Option(names = "--company", paramLabel = "NAME", description = "the agent's company; default: the only one")
  private @Nullable String company;

  /** Where the host is. */
  static final class HostPlace {
    @Option(names = "--host-socket", paramLabel = "FILE", required = true, description = "the host's listen.socket")
    private @Nullable Path socket;

    @Option(names = "--host-url", paramLabel = "URL", required = true, description = "the host's address over HTTP")
    private @Nullable String url;
  }

  @Override
  public Integer call() {
    PaperclipCommand command = Objects.requireNonNull(parent);
    PrintWriter out = command.out();
    Path shipped = shippedAdapter();
    AdapterDirectory directory = server.directory(command.environment());
    BoardSession board = server.connect();
    Optional<JsonNode> members = Optional.ofNullable(agent)
        .map(wanted -> InstalledAdapter.company(board, Optional.ofNullable(company)));
    Map<String, String> address = hostAddress(directory, command.environment());

    Path copied = directory.copy(shipped);
    if (!address.isEmpty()) {
      directory.writeHost(address, Optional.ofNullable(serverUser));
    }
    InstalledAdapter loaded = load(board, copied);
    directory.keepOnly(copied);
    out.println("The server at " + board.server() + " has loaded the adapter " + InstalledAdapter.TYPE + " "
        + loaded.version() + " from " + copied + ".");
    members.ifPresent(home -> createAgent(board, home, out));
    return ExitCode.OK.code();
  }

  static Path shippedAdapter() {
    return Path.of(System.getProperty("heartbeat.home", ".")).resolve("paperclip-adapter");
  }

  private Map<String, String> hostAddress(AdapterDirectory directory, Map<String, String> environment) {
    Map<String, String> address = new LinkedHashMap<>();
    if (host != null && host.socket != null) {
      address.put("socket", host.socket.toAbsolutePath().normalize().toString());
    } else if (host != null && host.url != null) {
      address.put("url", host.url);
      address.put("key", hostKeyFile != null
          ? PaperclipServerOptions.readSecret(hostKeyFile)
          : PaperclipServerOptions.ask("The host's listen.adapter-key: ", "--host-key-file"));
    } else if (!directory.hasHost()) {
      HostSocket.find(environment).ifPresent(socket -> address.put("socket", socket.toString()));
    }
    if (serverName != null) {
      address.put("server", serverName);
    }
    return address;
  }

  private static InstalledAdapter load(BoardSession board, Path folder) {
    try {
      board.post("/adapters/install", Map.of("packageName", folder.toString(), "isLocalPath", true));
    } catch (CommandFailure failed) {
      throw new CommandFailure(failed.exitCode(), failed.getMessage()
          + (failed.exitCode() == ExitCode.SERVER
              ? "; the server has to run on this machine, as a user who can read that directory (--directory)"
              : ""));
    }
    return InstalledAdapter.find(board)
        .filter(found -> found.folder().equals(folder.toString()))
        .orElseThrow(() -> new CommandFailure(ExitCode.SERVER,
            "the server at " + board.server() + " has not loaded the adapter from " + folder + "; see its log"));
  }

  private void createAgent(BoardSession board, JsonNode home, PrintWriter out) {
    Map<String, Object> configuration = profile == null ? Map.of() : Map.of("profile", profile);
    JsonNode created = board.post("/companies/" + home.path("id").asText() + "/agents", Map.of(
        "name", Objects.requireNonNull(agent), "role", "engineer",
        "adapterType", InstalledAdapter.TYPE, "adapterConfig", configuration));
    out.println("Agent " + created.path("name").asText() + " of " + home.path("name").asText() + " works with it:");
    InstalledAdapter.test(board, home.path("id").asText(), configuration, out);
  }
}
