package io.heartbeat4j.worker.shell;

import io.heartbeat4j.worker.SettingsException;
import io.heartbeat4j.worker.Worker;
import io.heartbeat4j.worker.ResidentWorkerFactory;
import io.heartbeat4j.worker.process.RunAs;
import java.util.Map;
import java.util.Optional;

/** The worker named {@code shell}. */
public final class ShellWorkerFactory implements ResidentWorkerFactory<ShellSettings> {

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
    return create(settings, environment);
  }

  @Override
  public Worker create(ShellSettings settings, Map<String, String> variables) {
    try {
      Optional<RunAs> user = settings.runAs().isEmpty() ? Optional.empty()
          : Optional.of(RunAs.of(settings.runAs().get()));
      return new ShellWorker(settings, user, Map.copyOf(variables));
    } catch (IllegalArgumentException unusable) {
      throw new SettingsException(String.valueOf(unusable.getMessage()));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new SettingsException("run-as: the check was interrupted");
    }
  }
}
