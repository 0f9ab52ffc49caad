package io.heartbeat4j.worker.shell;

import io.heartbeat4j.worker.Worker;
import io.heartbeat4j.worker.WorkerFactory;
import java.util.Map;

/** The worker named {@code shell}. */
public final class ShellWorkerFactory implements WorkerFactory<ShellSettings> {

  private final Map<String, String> environment;

  /** For the service loader. */
  public ShellWorkerFactory() {
    this(System.getenv());
  }

  ShellWorkerFactory(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  @Override
  public String name() {
    return "shell";
  }

  @Override
  public String description() {
    return "runs a command; its result file, or its exit code and output, is the result";
  }

  @Override
  public Class<ShellSettings> settingsType() {
    return ShellSettings.class;
  }

  @Override
  public Worker create(ShellSettings settings) {
    return new ShellWorker(settings, environment);
  }
}
