package io.heartbeat4j.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.heartbeat.memory.AgentMemory;
import io.heartbeat4j.heartbeat.wal.LogDirectoryScanner;
import io.heartbeat4j.heartbeat.wal.LogDirectoryScanner.FoundEntry;
import io.heartbeat4j.heartbeat.wal.LogEntryFormatter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code heartbeat journal}: lists the unfinished log entries of runs. Only reads, and claims no entry. */
@Command(name = "journal", mixinStandardHelpOptions = true, subcommands = JournalSettleCommand.class, description = {
    "Lists the unfinished log entries of runs on this machine, for all servers, companies and agents.",
    "Changes nothing. The list includes entries of heartbeats that are running."
}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
    " 0:the entries are listed, or nothing is pending",
    "64:an argument is malformed",
    "78:the state directory can't be read"
})
final class JournalCommand implements Callable<Integer> {

  @ParentCommand
  private @Nullable HeartbeatCommand parent;

  @Spec
  private @Nullable CommandSpec spec;

  @Option(names = "--state-dir", paramLabel = "DIR", scope = ScopeType.INHERIT, description = "the state directory; default: HEARTBEAT_STATE_DIR, else the user's state directory")
  private @Nullable Path stateDirectory;

  @Option(names = "--json", description = "one JSON object per line and entry")
  private boolean json;

  Map<String, String> environment() {
    return Objects.requireNonNull(parent).environment();
  }

  Path root() {
    return stateDirectory != null ? stateDirectory : AgentMemory.root(environment());
  }

  @Override
  public Integer call() {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    List<FoundEntry> pending;
    try {
      pending = LogDirectoryScanner.scan(root());
    } catch (IOException | java.io.UncheckedIOException unreadable) {
      spec.commandLine().getErr().println("heartbeat: the state directory " + root() + " can't be read ("
          + unreadable.getMessage() + "): run this command as the user of the agents, or set --state-dir");
      return ExitCode.CONFIGURATION.code();
    }
    pending.forEach(each -> out.println(json ? toJson(each) : toText(each)));
    if (pending.isEmpty() && !json) {
      out.println("Nothing is pending under " + root() + ".");
    }
    out.flush();
    return ExitCode.OK.code();
  }

  private static String toText(FoundEntry pending) {
    return pending.entry().label() + " of agent " + pending.agent() + " (company " + pending.company() + ", server "
        + pending.server() + ")\n  " + String.join("\n  ", LogEntryFormatter.format(pending.entry())) + "\n  in "
        + pending.file();
  }

  private static String toJson(FoundEntry pending) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("server", pending.server());
    json.put("company", pending.company());
    json.put("agent", pending.agent());
    json.put("issue", pending.entry().issue());
    json.put("label", pending.entry().label());
    json.put("run", pending.entry().run());
    json.put("since", pending.entry().startedAt());
    json.put("decided", pending.entry().outcome().isPresent());
    json.put("history", LogEntryFormatter.format(pending.entry()).subList(0, pending.entry().records().size()));
    json.put("next", LogEntryFormatter.describeNextStep(pending.entry()));
    json.put("file", pending.file().toString());
    try {
      return ProtocolJson.mapper().writeValueAsString(json);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
