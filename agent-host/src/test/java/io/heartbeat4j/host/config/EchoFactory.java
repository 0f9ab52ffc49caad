package io.heartbeat4j.host.config;

import io.heartbeat4j.worker.Default;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.Worker;
import io.heartbeat4j.worker.WorkerConfig;
import io.heartbeat4j.worker.WorkerFactory;

/** A worker on the class path, to be configured. */
public final class EchoFactory implements WorkerFactory {

  /** Its settings. */
  record Settings(@Default("hello") String greeting) {}

  @Override
  public String name() {
    return "echo";
  }

  @Override
  public Class<? extends Record> settings() {
    return Settings.class;
  }

  @Override
  public Worker create(WorkerConfig config) {
    String greeting = config.bind(Settings.class).greeting();
    return context -> new WorkResult.Done(greeting);
  }
}
