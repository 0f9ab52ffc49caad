package io.heartbeat4j.cli;

import io.heartbeat4j.host.config.HostConfiguration;
import io.heartbeat4j.host.store.HostStorage;
import io.heartbeat4j.host.store.StoreMove;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.storage.Storage;
import io.heartbeat4j.storage.StorageReport;
import io.heartbeat4j.worker.Secret;
import io.heartbeat4j.worker.SettingsException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code heartbeat store}: looks after the database that several hosts share. */
@Command(name = "store", mixinStandardHelpOptions = true, description = {
    "Looks after the database that several hosts share. The host's file names it in 'store'."
}, synopsisSubcommandLabel = "COMMAND", exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
    " 0:done",
    "64:an argument is wrong",
    "78:the host's file or a store can't be used, or another process uses it"
})
final class StoreCommand {

  @ParentCommand
  private @Nullable HeartbeatCommand parent;

  @Spec
  private @Nullable CommandSpec spec;

  private final Redactor redactor = Redactor.of(List.of());

  /** What a command does with the store of a configuration. */
  private interface Action {
    void run(Target target) throws IOException;
  }

  /** The store of a configuration. */
  private record Target(Secret url, Path stateDirectory, Map<String, String> environment, Redactor redactor) {}

  @Command(name = "check", mixinStandardHelpOptions = true, description = "Says what is in the database, whether the user has the rights, and which processes use it.")
  int check(@Mixin HostFileOption file) {
    return run(file, null, target -> {
      StorageReport found = Storage.await(HostStorage.check(target.url(), target.environment(), target.redactor()));
      println("server   " + found.server() + " at " + found.location());
      println("schema   " + found.schema() + (found.version() == 0
          ? " has no tables yet: run 'heartbeat store migrate', or start a host"
          : ", version " + found.version() + (found.version() < found.newestVersion()
              ? "; version " + found.newestVersion() + " is there: run 'heartbeat store migrate', or start a host"
              : ", the newest; the user has the rights")));
      println("records  " + (found.records().isEmpty() ? "none"
          : found.records().entrySet().stream().map(each -> each.getKey() + " " + each.getValue())
              .collect(Collectors.joining(", "))));
      println("used by  " + (found.processes().isEmpty() ? "no process" : String.join(", ", found.processes())));
    });
  }

  @Command(name = "migrate", mixinStandardHelpOptions = true, description = "Creates the tables, or brings them up to date. A host does the same when it starts, if its user has the right.")
  int migrate(@Mixin HostFileOption file) {
    return run(file, null, target -> {
      Storage.await(HostStorage.migrate(target.url(), target.environment(), target.redactor()));
      println("The schema is up to date.");
    });
  }

  @Command(name = "import", mixinStandardHelpOptions = true, description = {
      "Moves the files of a single host into the database. Stop the host before. If it is interrupted, run it again, or",
      "'export' to undo it; no host starts until then."})
  int importFiles(@Mixin HostFileOption file,
      @Option(names = "--state-dir", paramLabel = "DIR", description = "the state directory; default: that of the host's file") @Nullable Path stateDirectory) {
    return run(file, stateDirectory, target -> {
      if (!Files.isDirectory(target.stateDirectory())) {
        throw new IOException("there is no state directory " + target.stateDirectory() + ": set --state-dir");
      }
      println("Moved " + StoreMove.importFiles(target.stateDirectory(), target.url(), target.environment(),
          target.redactor()) + " records from " + target.stateDirectory() + " into the database.");
    });
  }

  @Command(name = "export", mixinStandardHelpOptions = true, description = {
      "Moves all of the database into files of a single host. Stop all hosts before, and remove 'store' from the host's file",
      "afterwards. If it is interrupted, run it again, or 'import' to undo it; no host starts until then."})
  int exportFiles(@Mixin HostFileOption file,
      @Option(names = "--state-dir", paramLabel = "DIR", description = "the state directory; default: that of the host's file") @Nullable Path stateDirectory) {
    return run(file, stateDirectory, target -> println("Moved " + StoreMove.exportFiles(target.stateDirectory(),
        target.url(), target.environment(), target.redactor()) + " records from the database into "
        + target.stateDirectory() + "."));
  }

  private int run(HostFileOption file, @Nullable Path stateDirectory, Action action) {
    Map<String, String> environment = Objects.requireNonNull(parent).environment();
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    try {
      HostConfiguration host = file.read(environment, redactor);
      Optional<Secret> url = host.store();
      if (url.isEmpty()) {
        err.println("heartbeat: " + host.file() + " names no database: set 'store', such as"
            + " postgresql://HOST/DATABASE");
        return ExitCode.CONFIGURATION.code();
      }
      action.run(new Target(url.get(), Objects.requireNonNullElse(stateDirectory, host.stateDirectory()), environment,
          redactor));
      return ExitCode.OK.code();
    } catch (SettingsException wrong) {
      wrong.problems().forEach(err::println);
    } catch (IOException | UncheckedIOException failed) {
      err.println("heartbeat: " + redactor.redact(String.valueOf(failed.getMessage())));
    }
    return ExitCode.CONFIGURATION.code();
  }

  private void println(String line) {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
