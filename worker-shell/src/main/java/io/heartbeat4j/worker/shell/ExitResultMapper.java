package io.heartbeat4j.worker.shell;

import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CancellationException;

/** Maps exit code and output to a result where the command wrote no result file. */
final class ExitResultMapper {

  /** sysexits' EX_TEMPFAIL: try again later. */
  static final int TEMPORARY_FAILURE = 75;

  private static final Duration LATER = Duration.ofMinutes(15);
  private static final int SHOWN_LINES = 15;

  private ExitResultMapper() {}

  static WorkResult map(CommandProcess.Result ended, ShellSettings settings, WorkContext context) {
    String name = settings.commandLine().get(0);
    return switch (ended.termination()) {
      case TIMED_OUT -> throw new CommandFailedException("the command " + name + " was ended after its time limit of "
          + format(settings.timeout()) + tail(ended.output()));
      case FELL_SILENT ->
        throw new CommandFailedException("the command " + name + " was ended because it printed nothing for "
            + format(settings.noOutputTimeout()) + tail(ended.output()));
      case CANCELLED -> throw new CancellationException("the command was ended because the heartbeat stopped");
      case EXITED -> exited(ended, name, context);
    };
  }

  /** What a shell and the JVM show of a command that SIGTERM has ended. */
  private static final int TERMINATED = 128 + 15;

  private static WorkResult exited(CommandProcess.Result ended, String name, WorkContext context) {
    if (ended.exitCode() == TERMINATED) { // the server's SIGTERM reaches the command before this process asks it to end
      throw new CancellationException("the command " + name + " was ended by SIGTERM");
    }
    boolean silent = ended.output().isBlank();
    if (ended.exitCode() == 0) {
      if (context.isReadOnly()) {
        return silent ? new WorkResult.Nothing() : new WorkResult.Reply(ended.output());
      }
      if (silent) {
        throw new CommandFailedException(
            "the command " + name + " ended with exit code 0 but wrote neither a result file nor any"
                + " output, so nobody knows whether the work is done");
      }
      return new WorkResult.Done(ended.output());
    }
    if (ended.exitCode() == TEMPORARY_FAILURE && !context.isReadOnly()) {
      return new WorkResult.Later(Instant.now().plus(LATER),
          silent ? "The command " + name + " asked to be tried again later." : ended.output());
    }
    throw new CommandFailedException(
        "the command " + name + " ended with exit code " + ended.exitCode() + tail(ended.output()));
  }

  private static String tail(String output) {
    if (output.isBlank()) {
      return ".";
    }
    String[] lines = output.split("\n", -1);
    String end = String.join("\n", java.util.Arrays.asList(lines)
        .subList(Math.max(0, lines.length - SHOWN_LINES), lines.length));
    return ". Its last words:\n\n```\n" + end.replace("```", "'''") + "\n```";
  }

  private static String format(Duration duration) {
    return duration.toString().substring(2).toLowerCase(java.util.Locale.ROOT);
  }
}
