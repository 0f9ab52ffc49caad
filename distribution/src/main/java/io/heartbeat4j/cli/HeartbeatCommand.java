package io.heartbeat4j.cli;

import io.heartbeat4j.plugin.NameSuggestion;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line of all commands except the plain {@code heartbeat run} (see {@link RunOptions}). */
@Command(name = "heartbeat", description = "Runs Paperclip's heartbeat protocol; a worker plugin does the work.", mixinStandardHelpOptions = true, versionProvider = VersionCommand.VersionProvider.class, scope = ScopeType.INHERIT, subcommands = {
    RunCommand.class, ServeCommand.class, TailCommand.class, CheckCommand.class, DemoCommand.class, NewCommand.class,
    TryCommand.class,
    DevCommand.class,
    PaperclipCommand.class, DoctorCommand.class, JournalCommand.class, StoreCommand.class, PluginCommand.class,
    WorkersCommand.class,
    SchemaCommand.class, CompletionCommand.class,
    StartupCacheCommand.class, ResidentCommand.class,
    VersionCommand.class, HelpCommand.class})
final class HeartbeatCommand implements Runnable {

  private final Map<String, String> environment;

  private HeartbeatCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  static CommandLine commandLine(Map<String, String> environment) {
    return new CommandLine(new HeartbeatCommand(environment))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionStrategy(HeartbeatCommand::execute)
        .setExecutionExceptionHandler((failure, line, parsed) -> {
          line.getErr().println("heartbeat: " + failure.getMessage());
          return ExitCode.of(failure).code();
        })
        .setParameterExceptionHandler((wrong, args) -> {
          CommandLine line = wrong.getCommandLine();
          if (args[args.length - 1].equals("help")) {
            line.usage(line.getOut());
            return ExitCode.OK.code();
          }
          line.getErr().println(
              "heartbeat: " + describe(wrong) + "; try '" + line.getCommandSpec().qualifiedName() + " --help'");
          return ExitCode.USAGE.code();
        });
  }

  /** Prints the usage where "help" stands for a command's argument, as it may for every other command. */
  private static int execute(ParseResult parsed) {
    ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    List<String> arguments = last.matchedPositionals().stream()
        .flatMap(argument -> argument.originalStringValues().stream()).toList();
    if (arguments.equals(List.of("help"))) {
      CommandLine line = last.commandSpec().commandLine();
      line.usage(line.getOut());
      return ExitCode.OK.code();
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  private static String describe(ParameterException wrong) {
    CommandLine line = wrong.getCommandLine();
    List<String> unmatched = switch (wrong) {
      case UnmatchedArgumentException words -> words.getUnmatched();
      case MissingParameterException missing -> line.getUnmatchedArguments(); // a slip of the pen in a required one
      default -> List.of();
    };
    if (unmatched.isEmpty()) {
      return String.valueOf(wrong.getMessage());
    }
    String unknown = unmatched.get(0);
    if (unknown.startsWith("-")) {
      return "there is no option '" + unknown + "'"
          + NameSuggestion.didYouMean(unknown.split("=", 2)[0], line.getCommandSpec().optionsMap().keySet());
    }
    List<String> commands = line.getSubcommands().entrySet().stream()
        .filter(entry -> !entry.getValue().getCommandSpec().usageMessage().hidden())
        .map(Map.Entry::getKey).toList();
    return "there is no command or argument '" + unknown + "'" + NameSuggestion.didYouMean(unknown, commands);
  }

  Map<String, String> environment() {
    return environment;
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }
}
