package io.heartbeat4j.cli.dev;

import java.util.concurrent.atomic.AtomicReference;

/** The worker that the next run begins with. Thread-safe. */
final class CurrentWorker {

  private final AtomicReference<LoadedWorker> current;

  CurrentWorker(LoadedWorker first) {
    this.current = new AtomicReference<>(first);
  }

  /** The worker for a run, which releases it when it ends. */
  LoadedWorker acquire() {
    LoadedWorker worker = current.get();
    while (!worker.acquire()) {
      worker = current.get(); // it was replaced between the two calls
    }
    return worker;
  }

  String name() {
    return current.get().name();
  }

  int load() {
    return current.get().number();
  }

  void replace(LoadedWorker next) {
    current.getAndSet(next).retire();
  }

  /** Without a later {@link #acquire}. */
  void retire() {
    current.get().retire();
  }
}
