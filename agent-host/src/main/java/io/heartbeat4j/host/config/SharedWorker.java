package io.heartbeat4j.host.config;

import io.heartbeat4j.heartbeat.work.WorkerSource;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.Worker;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker of one or more agents, until a reload takes it from the last of them: then it is closed as soon as nobody works
 * with it. A heartbeat that had begun before and comes to its work later gets the worker once more. Thread-safe.
 */
final class SharedWorker implements WorkerSource, Worker {

  private static final Logger LOG = LoggerFactory.getLogger(SharedWorker.class);

  private final Supplier<Worker> making;
  private final Optional<String> provider;
  private @Nullable Worker made;
  private int working;
  private boolean retired;

  /** @param making makes the worker, now and after it was closed */
  SharedWorker(Supplier<Worker> making) {
    this.making = making;
    Worker first = making.get();
    this.made = first;
    this.provider = first.provider();
  }

  @Override
  public Worker worker() {
    return this;
  }

  @Override
  public Optional<String> provider() {
    return provider;
  }

  @Override
  public WorkResult perform(WorkContext context) throws Exception {
    Worker worker = begin();
    try {
      return worker.perform(context);
    } finally {
      end();
    }
  }

  private synchronized Worker begin() {
    Worker worker = made == null ? making.get() : made;
    made = worker;
    working++;
    return worker;
  }

  private void end() {
    free(() -> working--);
  }

  @Override
  public void retire() {
    free(() -> retired = true);
  }

  @Override
  public void close() {
    retire();
  }

  private void free(Runnable change) {
    Worker last = null;
    synchronized (this) {
      change.run();
      if (retired && working == 0) {
        last = made;
        made = null;
      }
    }
    if (last != null) {
      close(last);
    }
  }

  private static void close(Worker worker) {
    try {
      worker.close();
    } catch (Exception failed) {
      LOG.warn("a worker that is no longer used could not be closed: {}", failed.toString());
    }
  }
}
