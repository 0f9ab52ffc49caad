package io.heartbeat4j.plugin;

import io.heartbeat4j.worker.CheckResult;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.Worker;
import java.io.Closeable;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Calls a worker with its plugin's class loader as the thread's. */
final class PluginWorker implements Worker {

  private final Worker worker;
  private final ClassLoader loader;
  private final Closeable onClose;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** @param left closed once, after the worker */
  PluginWorker(Worker worker, ClassLoader loader, Closeable left) {
    this.worker = worker;
    this.loader = loader;
    this.onClose = left;
  }

  /** Sets the thread's class loader until it is closed. */
  record ClassLoaderScope(Thread thread, ClassLoader previous) implements AutoCloseable {

    static ClassLoaderScope enter(ClassLoader loader) {
      Thread thread = Thread.currentThread();
      ClassLoaderScope classLoaderScope = new ClassLoaderScope(thread, thread.getContextClassLoader());
      thread.setContextClassLoader(loader);
      return classLoaderScope;
    }

    @Override
    public void close() {
      thread.setContextClassLoader(previous);
    }
  }

  @Override
  public WorkResult perform(WorkContext context) throws Exception {
    try (ClassLoaderScope classLoaderScope = ClassLoaderScope.enter(loader)) {
      return worker.perform(context);
    }
  }

  @Override
  public Optional<String> providerAccount() {
    try (ClassLoaderScope classLoaderScope = ClassLoaderScope.enter(loader)) {
      return worker.providerAccount();
    }
  }

  @Override
  public List<CheckResult> check() throws Exception {
    try (ClassLoaderScope classLoaderScope = ClassLoaderScope.enter(loader)) {
      return worker.check();
    }
  }

  @Override
  public List<CheckResult> explain(String command) throws Exception {
    try (ClassLoaderScope classLoaderScope = ClassLoaderScope.enter(loader)) {
      return worker.explain(command);
    }
  }

  @Override
  public void close() throws Exception {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try (onClose; ClassLoaderScope classLoaderScope = ClassLoaderScope.enter(loader)) {
      worker.close();
    }
  }
}
