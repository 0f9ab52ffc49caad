package io.heartbeat4j.cli;

import io.heartbeat4j.cli.demo.DemoCommand;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line, for everything but the plain {@code heartbeat run} (see {@link RunOptions}). */
@Command(
    name = "heartbeat",
    description = "Runs Paperclip's heartbeat protocol; a worker plugin does the work.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.Version.class,
    subcommands = {RunCommand.class, DemoCommand.class, DoctorCommand.class, JournalCommand.class, WorkersCommand.class,
        TrainCommand.class, VersionCommand.class})
final class HeartbeatCommand implements Runnable {

  private final Map<String, String> environment;

  private HeartbeatCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  static CommandLine line(Map<String, String> environment) {
    return new CommandLine(new HeartbeatCommand(environment))
        .setExecutionExceptionHandler((failure, line, parsed) -> {
          line.getErr().println("heartbeat: " + failure.getMessage());
          return ExitCode.of(failure).code();
        })
        .setParameterExceptionHandler((wrong, args) -> {
          CommandLine line = wrong.getCommandLine();
          line.getErr().println("heartbeat: " + wrong.getMessage());
          line.getErr().println("Try '" + line.getCommandSpec().qualifiedName() + " --help'.");
          return ExitCode.USAGE.code();
        });
  }

  Map<String, String> environment() {
    return environment;
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }
}
