package io.heartbeat4j.cli;

import io.heartbeat4j.host.config.HostConfiguration;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.worker.SettingsException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/**
 * {@code heartbeat check}: reads a host's file as {@code heartbeat serve} does and creates its workers, but starts no
 * host.
 */
@Command(name = "check", mixinStandardHelpOptions = true, description = "Checks a host's configuration without starting it.")
final class CheckCommand implements Callable<Integer> {

  @ParentCommand
  private @Nullable HeartbeatCommand parent;
  @Mixin
  private HostFileOption file = new HostFileOption();

  @Override
  public Integer call() {
    try {
      HostConfiguration host = file.read(Objects.requireNonNull(parent).environment(), Redactor.of(List.of()));
      System.out.println("ok    " + host.file() + ": " + host.describeAgents() + ", listening on "
          + host.httpServer().host() + ":" + host.httpServer().port() + ", state in " + host.storageLocation());
      return ExitCode.OK.code();
    } catch (SettingsException wrong) {
      wrong.problems().forEach(System.err::println);
      return ExitCode.CONFIGURATION.code();
    }
  }
}
