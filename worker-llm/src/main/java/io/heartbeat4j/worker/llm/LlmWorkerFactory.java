package io.heartbeat4j.worker.llm;

import io.heartbeat4j.worker.Secret;
import io.heartbeat4j.worker.SettingsException;
import io.heartbeat4j.worker.Worker;
import io.heartbeat4j.worker.ResidentWorkerFactory;
import io.heartbeat4j.worker.llm.loop.AgentLoopRunner;
import io.heartbeat4j.worker.llm.loop.LlmSettings;
import io.heartbeat4j.worker.llm.provider.ModelChain;
import io.heartbeat4j.worker.llm.provider.ModelSettings;
import io.heartbeat4j.worker.agent.ModelPriceTable;
import io.heartbeat4j.worker.agent.permission.PermissionPolicy;
import io.heartbeat4j.worker.agent.command.ProcessEnvironment;
import io.heartbeat4j.worker.agent.command.SandboxPreset;
import java.time.Clock;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The worker named {@code llm}. */
public final class LlmWorkerFactory implements ResidentWorkerFactory<LlmSettings> {

  private final Map<String, String> host;
  private final Clock clock;
  private final RandomGenerator random;

  /** For the service loader. */
  public LlmWorkerFactory() {
    this(System.getenv(), Clock.systemUTC(), new java.security.SecureRandom());
  }

  LlmWorkerFactory(Map<String, String> host, Clock clock, RandomGenerator random) {
    this.host = Map.copyOf(host);
    this.clock = clock;
    this.random = random;
  }

  @Override
  public String name() {
    return "llm";
  }

  @Override
  public String description() {
    return "lets a model work with tools: files, commands, the issue itself";
  }

  @Override
  public Class<LlmSettings> settingsType() {
    return LlmSettings.class;
  }

  @Override
  public Worker create(LlmSettings settings) {
    return create(settings, host);
  }

  @Override
  public Worker create(LlmSettings settings, Map<String, String> variables) {
    try {
      SandboxPreset.requireUsable(settings.sandbox());
      PermissionPolicy permissionPolicy = PermissionPolicy.of(settings.permissions());
      ModelPriceTable modelPriceTable = ModelPriceTable.of(settings.prices());
      ProcessEnvironment environment = ProcessEnvironment.of(Map.copyOf(variables), settings.inherit(),
          settings.environment(),
          secrets(settings));
      ModelChain modelChain = ModelChain.of(settings.models(), clock);
      return new LlmWorker(
          modelChain,
          new AgentLoopRunner(settings, modelChain, permissionPolicy, modelPriceTable, environment, clock, random),
          permissionPolicy, settings.model().gateName());
    } catch (IllegalArgumentException unusable) {
      throw new SettingsException(String.valueOf(unusable.getMessage()));
    }
  }

  private static Set<String> secrets(LlmSettings settings) {
    Set<String> secrets = new HashSet<>();
    for (ModelSettings model : settings.models()) {
      model.apiKey().map(Secret::reveal).filter(key -> !key.isBlank()).ifPresent(secrets::add);
      model.headers().values().stream().map(Secret::reveal).filter(value -> value.length() > 8).forEach(secrets::add);
    }
    return secrets;
  }
}
