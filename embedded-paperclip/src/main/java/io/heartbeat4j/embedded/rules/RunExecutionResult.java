package io.heartbeat4j.embedded.rules;

import java.util.Optional;

/**
 * How a run ended at its adapter.
 *
 * @param exitCode of the process, if it had one; zero is success
 * @param signal that ended the process
 * @param timedOut whether the adapter's own limit ended it
 * @param error what went wrong when there was no exit code to tell it
 * @param stdout what it wrote, possibly cut
 * @param stderr what it wrote, possibly cut
 */
public record RunExecutionResult(
    Optional<Integer> exitCode,
    Optional<String> signal,
    boolean timedOut,
    Optional<String> error,
    String stdout,
    String stderr) {

  /** An end with an exit code. */
  public static RunExecutionResult exited(int code) {
    return new RunExecutionResult(Optional.of(code), Optional.empty(), false, Optional.empty(), "", "");
  }

  /** A process that was ended by a signal such as {@code SIGKILL}. */
  public static RunExecutionResult signalled(String signal) {
    return new RunExecutionResult(Optional.empty(), Optional.of(signal), false, Optional.empty(), "", "");
  }

  /** An adapter that could not run it, or an endpoint that refused. */
  public static RunExecutionResult failed(String error) {
    return new RunExecutionResult(Optional.empty(), Optional.empty(), false, Optional.of(error), "", "");
  }

  boolean succeeded() {
    return !timedOut && signal.isEmpty() && error.isEmpty() && exitCode.orElse(1) == 0;
  }
}
