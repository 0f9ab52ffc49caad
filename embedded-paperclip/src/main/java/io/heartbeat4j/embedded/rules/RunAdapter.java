package io.heartbeat4j.embedded.rules;

/** Starts the processes or requests of runs. */
@FunctionalInterface
public interface RunAdapter {

  /** Starts the run. Never throws: a run that cannot start has a failed result. */
  RunExecution start(RunStartRequest startRequest);
}
