package io.heartbeat4j.heartbeat.work;

/** Starts the threads of workers: virtual threads, or those of a simulation. */
@FunctionalInterface
public interface WorkerThreadStarter {

  /** Starts the work on a thread of its own, where it may block. */
  RunningWorker start(String name, Runnable work);

  /** Work that has started. */
  @FunctionalInterface
  interface RunningWorker {

    /** Interrupts the thread; a worker that ignores the interruption is abandoned. */
    void interrupt();
  }

  /** A virtual thread for each. */
  static WorkerThreadStarter virtual() {
    return (name, work) -> Thread.ofVirtual().name(name).start(work)::interrupt;
  }
}
