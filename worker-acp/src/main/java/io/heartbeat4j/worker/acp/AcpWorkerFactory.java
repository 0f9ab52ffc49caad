package io.heartbeat4j.worker.acp;

import io.heartbeat4j.worker.SettingsException;
import io.heartbeat4j.worker.Worker;
import io.heartbeat4j.worker.ResidentWorkerFactory;
import io.heartbeat4j.worker.agent.permission.PermissionPolicy;
import io.heartbeat4j.worker.process.RunAs;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The worker named {@code acp}. */
public final class AcpWorkerFactory implements ResidentWorkerFactory<AcpSettings> {

  private final Map<String, String> host;
  private final Clock clock;
  private final RandomGenerator random;

  /** For the service loader. */
  public AcpWorkerFactory() {
    this(System.getenv(), Clock.systemUTC(), new SecureRandom());
  }

  AcpWorkerFactory(Map<String, String> host, Clock clock, RandomGenerator random) {
    this.host = Map.copyOf(host);
    this.clock = clock;
    this.random = random;
  }

  @Override
  public String name() {
    return "acp";
  }

  @Override
  public String description() {
    return "lets a program that speaks the Agent Client Protocol work: Claude, Codex, Gemini, Qwen Code, OpenCode, ...";
  }

  @Override
  public Class<AcpSettings> settingsType() {
    return AcpSettings.class;
  }

  @Override
  public Worker create(AcpSettings settings) {
    return create(settings, host);
  }

  @Override
  public Worker create(AcpSettings settings, Map<String, String> variables) {
    try {
      Optional<RunAs> user = settings.runAs().isEmpty() ? Optional.empty()
          : Optional.of(RunAs.of(settings.runAs().get()));
      return new AcpWorker(settings, new Program(settings, settings.preset(), user, Map.copyOf(variables)),
          PermissionPolicy.of(settings.permissions()), clock, random);
    } catch (IllegalArgumentException unusable) {
      throw new SettingsException(String.valueOf(unusable.getMessage()));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new SettingsException("run-as: the check was interrupted");
    }
  }
}
