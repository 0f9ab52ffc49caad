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
 * A worker that one or more agents share. When a reload removes it from the last agent, it is closed as soon as no
 * heartbeat uses it. If a heartbeat that started before the reload reaches its work later, the worker is created again
 * for it. Thread-safe.
 */
final class SharedWorker implements WorkerSource, Worker {

  private static final Logger LOG = LoggerFactory.getLogger(SharedWorker.class);

  private final Supplier<Worker> factory;
  private final Optional<String> provider;
  private @Nullable Worker current;
  private int activeHeartbeats;
  private boolean retired;

  /** @param making creates the worker, now and again after it was closed */
  SharedWorker(Supplier<Worker> making) {
    this.factory = making;
    Worker first = making.get();
    this.current = first;
    this.provider = first.providerAccount();
  }

  @Override
  public Worker worker() {
    return this;
  }

  @Override
  public Optional<String> providerAccount() {
    return provider;
  }

  @Override
  public WorkResult perform(WorkContext context) throws Exception {
    Worker worker = acquire();
    try {
      return worker.perform(context);
    } finally {
      release();
    }
  }

  private synchronized Worker acquire() {
    Worker worker = current == null ? factory.get() : current;
    current = worker;
    activeHeartbeats++;
    return worker;
  }

  private void release() {
    closeIfUnused(() -> activeHeartbeats--);
  }

  @Override
  public void retire() {
    closeIfUnused(() -> retired = true);
  }

  @Override
  public void close() {
    retire();
  }

  private void closeIfUnused(Runnable change) {
    Worker last = null;
    synchronized (this) {
      change.run();
      if (retired && activeHeartbeats == 0) {
        last = current;
        current = null;
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
      LOG.warn("an unused worker could not be closed: {}", failed.toString());
    }
  }
}
