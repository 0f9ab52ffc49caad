package io.heartbeat4j.heartbeat.work;

/** Where workers run: a virtual thread each, or what a simulation puts in its place. */
@FunctionalInterface
public interface WorkerThreadStarter {

  /** Starts the work on a thread of its own, where it may block. */
  RunningWorker start(String name, Runnable work);

  /** Work that has started. */
  @FunctionalInterface
  interface RunningWorker {

    /** Interrupts it; whoever ignores that is left behind. */
    void interrupt();
  }

  /** A virtual thread for each. */
  static WorkerThreadStarter virtual() {
    return (name, work) -> Thread.ofVirtual().name(name).start(work)::interrupt;
  }
}
