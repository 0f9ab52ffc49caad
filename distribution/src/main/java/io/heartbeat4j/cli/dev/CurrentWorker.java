package io.heartbeat4j.cli.dev;

/** The worker that the next run begins with. Thread-safe. */
final class CurrentWorker {

  private LoadedWorker current;

  CurrentWorker(LoadedWorker first) {
    this.current = first;
  }

  /** The worker for a run, which releases it when it ends. */
  synchronized LoadedWorker acquire() {
    current.acquire();
    return current;
  }

  /** The worker as it is now, for those that only describe it. */
  synchronized LoadedWorker get() {
    return current;
  }

  /** May close the worker of before, which may block. */
  void replace(LoadedWorker next) {
    LoadedWorker before;
    synchronized (this) {
      before = current;
      current = next;
    }
    before.retire();
  }
}
