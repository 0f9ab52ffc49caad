package io.heartbeat4j.host.config;

import io.heartbeat4j.worker.Default;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.Worker;
import io.heartbeat4j.worker.WorkerConfig;
import io.heartbeat4j.worker.WorkerFactory;
import java.util.Optional;

/** A worker on the class path, to be configured. */
public final class EchoFactory implements WorkerFactory {

  /** Its settings. */
  record Settings(@Default("hello") String greeting, Optional<String> account) {}

  private record Echo(Settings settings) implements Worker {
    @Override
    public WorkResult perform(WorkContext context) {
      return new WorkResult.Done(settings.greeting());
    }

    @Override
    public Optional<String> provider() {
      return settings.account();
    }
  }

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
    return new Echo(config.bind(Settings.class));
  }
}
