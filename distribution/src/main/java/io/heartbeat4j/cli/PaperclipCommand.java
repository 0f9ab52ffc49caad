package io.heartbeat4j.cli;

import java.io.PrintWriter;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code heartbeat paperclip}: the commands around the adapter that a Paperclip server loads. */
@Command(name = "paperclip", mixinStandardHelpOptions = true, subcommands = {PaperclipInstallCommand.class,
    PaperclipStatusCommand.class, PaperclipUninstallCommand.class}, description = {
        "Puts heartbeat4j into the list of adapters of a Paperclip server on this machine.",
        "An agent with this adapter works on the host of 'heartbeat serve', with a profile of its host.yaml."
    })
final class PaperclipCommand implements Runnable {

  @ParentCommand
  private @Nullable HeartbeatCommand parent;

  @Spec
  private @Nullable CommandSpec spec;

  Map<String, String> environment() {
    return Objects.requireNonNull(parent).environment();
  }

  PrintWriter out() {
    return Objects.requireNonNull(spec).commandLine().getOut();
  }

  @Override
  public void run() {
    Objects.requireNonNull(spec).commandLine().usage(out());
  }
}
