package io.example.hello;

import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.Worker;
import io.heartbeat4j.worker.WorkerFactory;
import io.heartbeat4j.worker.WorkerSettings;

public final class HelloWorkerFactory implements WorkerFactory {
  @Override public String name() { return "hello"; }

  @Override public Worker create(WorkerSettings config) {
    return context -> new WorkResult.Done("Hello! I have seen to \"" + context.issue().title() + "\".");
  }
}
