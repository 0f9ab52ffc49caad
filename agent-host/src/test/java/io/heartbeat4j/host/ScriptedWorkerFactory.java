package io.heartbeat4j.host;

import io.heartbeat4j.worker.DefaultValue;
import io.heartbeat4j.worker.Description;
import io.heartbeat4j.worker.Secret;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.Worker;
import io.heartbeat4j.worker.WorkerFactory;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A worker on the class path that does what a test says, by the script's name in its settings. */
public final class ScriptedWorkerFactory implements WorkerFactory<ScriptedWorkerFactory.ScriptSettings> {

  /** What a test lets it do. */
  @FunctionalInterface
  interface Script {
    WorkResult perform(WorkContext context, ScriptSettings settings) throws Exception;
  }

  /** Its settings. */
  record ScriptSettings(
      String script,
      @Description("which model") @DefaultValue("{\"name\": \"small\"}") ModelSettings model,
      @Description("how often") @DefaultValue("3") int times,
      @DefaultValue("") String note) {}

  /** A setting of settings. */
  record ModelSettings(String name, Optional<Secret> apiKey, @DefaultValue("1") BigDecimal maxCost) {}

  static final Map<String, Script> SCRIPTS = new ConcurrentHashMap<>();
  static final AtomicInteger OPEN = new AtomicInteger();

  private record ScriptedWorker(ScriptSettings settings) implements Worker {
    @Override
    public WorkResult perform(WorkContext context) throws Exception {
      @Nullable
      Script script = SCRIPTS.get(settings.script());
      return script == null ? new WorkResult.Nothing() : script.perform(context, settings);
    }

    @Override
    public void close() {
      OPEN.decrementAndGet();
    }
  }

  @Override
  public String name() {
    return "scripted";
  }

  @Override
  public Class<ScriptSettings> settingsType() {
    return ScriptSettings.class;
  }

  @Override
  public Worker create(ScriptSettings settings) {
    OPEN.incrementAndGet();
    return new ScriptedWorker(settings);
  }
}
