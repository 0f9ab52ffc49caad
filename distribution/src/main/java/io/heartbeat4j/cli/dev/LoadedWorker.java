package io.heartbeat4j.cli.dev;

import io.heartbeat4j.worker.Worker;
import java.util.function.BooleanSupplier;

/**
 * A worker of one load of the project. It is closed, with its class loader, as soon as it is retired and no run uses it.
 * Thread-safe.
 */
final class LoadedWorker {

  private final int number;
  private final String name;
  private final Worker worker;
  private final DevSettings settings;
  private final Runnable onClosed;
  private int runs;
  private boolean retired;

  /**
   * @param number counts the loads from 1 on
   * @param onClosed called once, after the worker is closed
   */
  LoadedWorker(int number, String name, Worker worker, DevSettings settings, Runnable onClosed) {
    this.number = number;
    this.name = name;
    this.worker = worker;
    this.settings = settings;
    this.onClosed = onClosed;
  }

  int number() {
    return number;
  }

  String name() {
    return name;
  }

  Worker worker() {
    return worker;
  }

  DevSettings settings() {
    return settings;
  }

  /** A run begins, before the worker is retired. */
  synchronized void acquire() {
    runs++;
  }

  /** A run has ended. May close the worker, which may block. */
  void release() {
    closeIf(() -> --runs == 0 && retired);
  }

  /** No further run begins with this worker. May close it, which may block. */
  void retire() {
    closeIf(() -> {
      boolean first = !retired;
      retired = true;
      return first && runs == 0;
    });
  }

  private void closeIf(BooleanSupplier change) {
    boolean last;
    synchronized (this) {
      last = change.getAsBoolean();
    }
    if (!last) {
      return;
    }
    try {
      worker.close();
    } catch (Exception failed) {
      System.err.println("heartbeat: the worker '" + name + "' (load " + number + ") could not be closed: " + failed);
    } finally {
      onClosed.run();
    }
  }
}
