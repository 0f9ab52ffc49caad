package io.heartbeat4j.plugin;

import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.Worker;
import java.io.Closeable;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Calls a worker with its plugin's class loader as the thread's. */
final class InPlugin implements Worker {

  private final Worker worker;
  private final ClassLoader loader;
  private final Closeable left;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** @param left closed once, after the worker */
  InPlugin(Worker worker, ClassLoader loader, Closeable left) {
    this.worker = worker;
    this.loader = loader;
    this.left = left;
  }

  /** Sets the thread's class loader until it is closed. */
  record Entered(Thread thread, ClassLoader before) implements AutoCloseable {

    static Entered into(ClassLoader loader) {
      Thread thread = Thread.currentThread();
      Entered entered = new Entered(thread, thread.getContextClassLoader());
      thread.setContextClassLoader(loader);
      return entered;
    }

    @Override
    public void close() {
      thread.setContextClassLoader(before);
    }
  }

  @Override
  public WorkResult perform(WorkContext context) throws Exception {
    try (Entered entered = Entered.into(loader)) {
      return worker.perform(context);
    }
  }

  @Override
  public Optional<String> provider() {
    try (Entered entered = Entered.into(loader)) {
      return worker.provider();
    }
  }

  @Override
  public void close() throws Exception {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try (left; Entered entered = Entered.into(loader)) {
      worker.close();
    }
  }
}
