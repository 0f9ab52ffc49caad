package io.heartbeat4j.embedded.rules;

/** Starts runs outside of the rules. */
@FunctionalInterface
public interface Adapter {

  /** Starts the run; never throws: what cannot start has a failed outcome. */
  Execution start(RunOrder order);
}
