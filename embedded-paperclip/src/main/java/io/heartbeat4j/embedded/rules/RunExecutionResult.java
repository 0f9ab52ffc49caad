package io.heartbeat4j.embedded.rules;

import java.util.Optional;

/**
 * The result of a run at its adapter.
 *
 * @param exitCode exit code of the process, if there is one; zero is success
 * @param signal the signal that ended the process
 * @param timedOut whether the time limit of the adapter ended the run
 * @param error the cause of a failure without exit code
 * @param stdout the output, possibly truncated
 * @param stderr the error output, possibly truncated
 */
public record RunExecutionResult(
    Optional<Integer> exitCode,
    Optional<String> signal,
    boolean timedOut,
    Optional<String> error,
    String stdout,
    String stderr) {

  /** The run ended with an exit code. */
  public static RunExecutionResult exited(int code) {
    return new RunExecutionResult(Optional.of(code), Optional.empty(), false, Optional.empty(), "", "");
  }

  /** A signal such as {@code SIGKILL} ended the process. */
  public static RunExecutionResult signalled(String signal) {
    return new RunExecutionResult(Optional.empty(), Optional.of(signal), false, Optional.empty(), "", "");
  }

  /** The adapter could not start the run, or the endpoint refused it. */
  public static RunExecutionResult failed(String error) {
    return new RunExecutionResult(Optional.empty(), Optional.empty(), false, Optional.of(error), "", "");
  }

  boolean succeeded() {
    return !timedOut && signal.isEmpty() && error.isEmpty() && exitCode.orElse(1) == 0;
  }
}
