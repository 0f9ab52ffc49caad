package io.example.hello;

import io.heartbeat4j.worker.NoSettings;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.Worker;
import io.heartbeat4j.worker.WorkerFactory;

public final class HelloWorkerFactory implements WorkerFactory<NoSettings> {
  @Override public String name() { return "hello"; }

  @Override public Class<NoSettings> settingsType() { return NoSettings.class; }

  @Override public Worker create(NoSettings settings) {
    return context -> new WorkResult.Done("Hello! I have seen to \"" + context.issue().title() + "\".");
  }
}
