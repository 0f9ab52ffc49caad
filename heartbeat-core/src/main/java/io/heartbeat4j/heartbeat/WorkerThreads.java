package io.heartbeat4j.heartbeat;

/** Where workers run: a virtual thread each, or what a simulation puts in its place. */
@FunctionalInterface
public interface WorkerThreads {

  /** Starts the work on a thread of its own, where it may block. */
  Running start(String name, Runnable work);

  /** Work that has started. */
  @FunctionalInterface
  interface Running {

    /** Interrupts it; whoever ignores that is left behind. */
    void interrupt();
  }

  /** A virtual thread for each. */
  static WorkerThreads virtual() {
    return (name, work) -> Thread.ofVirtual().name(name).start(work)::interrupt;
  }
}
