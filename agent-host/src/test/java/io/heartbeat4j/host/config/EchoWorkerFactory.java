package io.heartbeat4j.host.config;

import io.heartbeat4j.worker.DefaultValue;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.Worker;
import io.heartbeat4j.worker.WorkerFactory;
import java.util.Optional;

/** A worker on the class path, to be configured. */
public final class EchoWorkerFactory implements WorkerFactory<EchoWorkerFactory.EchoSettings> {

  /** Its settings. */
  record EchoSettings(@DefaultValue("hello") String greeting, Optional<String> account) {}

  private record EchoWorker(EchoSettings settings) implements Worker {
    @Override
    public WorkResult perform(WorkContext context) {
      return new WorkResult.Done(settings.greeting());
    }

    @Override
    public Optional<String> providerAccount() {
      return settings.account();
    }
  }

  @Override
  public String name() {
    return "echo";
  }

  @Override
  public Class<EchoSettings> settingsType() {
    return EchoSettings.class;
  }

  @Override
  public Worker create(EchoSettings settings) {
    return new EchoWorker(settings);
  }
}
