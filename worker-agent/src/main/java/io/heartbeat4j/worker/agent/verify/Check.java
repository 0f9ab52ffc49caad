package io.heartbeat4j.worker.agent.verify;

import io.heartbeat4j.worker.agent.command.WorkspaceShell;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * One run of a command that checks the work.
 *
 * @param before the command's exit code before anything was changed, where that is known
 */
record Check(String command, WorkspaceShell.Result result, Duration took, Optional<Integer> before) {

  boolean isGreen() {
    return result.inTime() && result.exitCode() == 0;
  }

  /** A line for people. */
  String line() {
    return String.format(Locale.ROOT, "- `%s`: %s, %.1f s%s", command.replace('`', '\''),
        isGreen() ? result.ending() : "**" + result.ending() + "**", took.toMillis() / 1000.0,
        isGreen() ? "" : " (" + comparison() + ")");
  }

  private String comparison() {
    return before.map(code -> code == 0 ? "it was green before the work" : "it was red before the work too")
        .orElse("how it was before the work is not known");
  }
}
