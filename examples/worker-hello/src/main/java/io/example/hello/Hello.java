package io.example.hello;

import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.Worker;
import io.heartbeat4j.worker.WorkerConfig;
import io.heartbeat4j.worker.WorkerFactory;

public final class Hello implements WorkerFactory {
  @Override public String name() { return "hello"; }

  @Override public Worker create(WorkerConfig config) {
    return context -> new WorkResult.Done("Hello! I have seen to \"" + context.issue().title() + "\".");
  }
}
