package io.heartbeat4j.embedded.rules;

/** Starts runs outside of the rules. */
@FunctionalInterface
public interface RunAdapter {

  /** Starts the run; never throws: what cannot start has a failed outcome. */
  RunExecution start(RunStartRequest startRequest);
}
