package io.heartbeat4j.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.inject.multibindings.OptionalBinder;
import io.heartbeat4j.heartbeat.HeartbeatRunner;
import io.heartbeat4j.heartbeat.memory.AgentMemory;
import io.heartbeat4j.heartbeat.policy.HeartbeatLimits;
import io.heartbeat4j.heartbeat.work.DelegationLimits;
import io.heartbeat4j.heartbeat.work.WorkLimits;
import io.heartbeat4j.heartbeat.work.WorkerSource;
import io.heartbeat4j.plugin.SettingsJsonSchema;
import io.heartbeat4j.plugin.SettingsReader;
import io.heartbeat4j.plugin.WorkerRegistry;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.worker.DefaultValue;
import io.heartbeat4j.worker.Description;
import io.heartbeat4j.worker.SettingsException;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The configuration of a one-shot heartbeat: a YAML file and {@code HEARTBEAT_*} variables, which override the file. If
 * the configuration has problems, the worker source throws them, so that the heartbeat writes them to the issue.
 */
record RunConfiguration(
    WorkerSource worker, WorkLimits workLimits, HeartbeatLimits limits, Path stateDirectory,
    Optional<Resident> resident, List<String> problems) {

  private static final String SETTING = "HEARTBEAT_WORKER_";
  private static final String LIMIT = "HEARTBEAT_LIMITS_";

  /**
   * The wish for a process that also runs later wakes.
   *
   * @param idle after so long without a wake it ends
   * @param isPossible whether the worker may share a process; loads its plugin
   */
  record Resident(Duration idle, BooleanSupplier isPossible) {}

  /** The schema of the file. */
  record FileSchema(
      Optional<WorkerSection> worker,
      @DefaultValue("2h") @Description("for the worker as a whole") Duration timeout,
      @DefaultValue("0") @Description("the longest time without progress; 0 means no limit") Duration silenceTimeout,
      @DefaultValue("5s") @Description("between the request to stop and the interruption") Duration grace,
      @DefaultValue("0") @Description("the longest time to the worker's first progress; 0 means no limit") Duration startupTimeout,
      @Description("subtasks that it makes of one issue before it asks a person") Optional<DelegationLimits> delegation,
      @Description("limits against endless repetition") Optional<HeartbeatLimits> limits,
      @Description("default: the distribution's plugins") Optional<Path> plugins,
      @Description("log entries and issue memory") Optional<Path> stateDir,
      @DefaultValue("0") @Description("how long a process waits for later wakes in the background; 0 means none") Duration resident) {

    record WorkerSection(String name, Map<String, Object> settings) {}
  }

  /**
   * The JSON Schema of the file.
   *
   * @param workers the settings' records by the workers' names
   */
  static ObjectNode jsonSchema(Map<String, Class<? extends Record>> workers) {
    ObjectNode schema = SettingsJsonSchema.of(FileSchema.class);
    SettingsJsonSchema.replace(schema, "worker",
        SettingsJsonSchema.withWorkers(FileSchema.WorkerSection.class, workers));
    return schema;
  }

  static RunConfiguration read(Optional<Path> file, Map<String, String> environment, Redactor redactor) {
    return read(() -> file.map(ConfigurationFile::read).orElseGet(LinkedHashMap::new), Path.of(""),
        plugins -> registry(plugins, Optional.empty()), false, environment, redactor);
  }

  /**
   * Reads the configuration of one of several runs in a resident process.
   *
   * @param directory the run's working directory
   * @param registries the registry of a plugins directory, the same for all runs
   */
  static RunConfiguration read(Optional<Path> file, Map<String, String> environment, Path directory,
      Function<Path, WorkerRegistry> registries, Redactor redactor) {
    return read(
        () -> file.map(directory::resolve).map(ConfigurationFile::read).orElseGet(LinkedHashMap::new), directory,
        registries, true, environment, redactor);
  }

  /**
   * Reads a configuration that is in memory.
   *
   * @param developed the directory of a plugin that is not installed
   */
  static RunConfiguration of(Map<String, Object> values, Optional<Path> developed, Map<String, String> environment,
      Redactor redactor) {
    return read(() -> new LinkedHashMap<>(values), Path.of(""), plugins -> registry(plugins, developed), false,
        environment, redactor);
  }

  private static WorkerRegistry registry(Path plugins, Optional<Path> developed) {
    return new WorkerRegistry(plugins, developed, RunConfiguration.class.getClassLoader());
  }

  private static RunConfiguration read(Supplier<Map<String, Object>> values, Path directory,
      Function<Path, WorkerRegistry> registries, boolean shared, Map<String, String> environment, Redactor redactor) {
    Path state = directory.resolve(AgentMemory.root(environment));
    try {
      Map<String, Object> written = mergeEnvironment(values.get(), environment);
      FileSchema fileSchema = new SettingsReader(written, environment, directory, "configuration", redactor::register)
          .bind(FileSchema.class);
      FileSchema.WorkerSection workerSection = fileSchema.worker().orElseThrow(() -> new SettingsException(
          "no worker is chosen: set worker.name in the file of --config, or HEARTBEAT_WORKER, to a name that"
              + " 'heartbeat workers' lists"));
      WorkerRegistry workerRegistry = registries
          .apply(fileSchema.plugins().orElse(directory.resolve(pluginsDirectory(environment))));
      SettingsReader settingsReader = new SettingsReader(workerSection.settings(), environment, directory,
          "worker.settings", redactor::register);
      return new RunConfiguration(
          () -> shared
              ? workerRegistry.create(workerSection.name(), settingsReader, environment)
              : workerRegistry.create(workerSection.name(), settingsReader),
          new WorkLimits(fileSchema.timeout(), fileSchema.silenceTimeout(), fileSchema.grace(),
              fileSchema.startupTimeout(), fileSchema.delegation().orElse(DelegationLimits.DEFAULT)),
          fileSchema.limits().orElse(HeartbeatLimits.DEFAULT),
          fileSchema.stateDir().orElse(state),
          fileSchema.resident().isZero()
              ? Optional.empty()
              : Optional.of(new Resident(fileSchema.resident(), () -> workerRegistry.isResident(workerSection.name()))),
          List.of());
    } catch (SettingsException unusable) {
      return new RunConfiguration(
          () -> {
            throw unusable;
          },
          WorkLimits.DEFAULT, HeartbeatLimits.DEFAULT, state, Optional.empty(), unusable.problems());
    }
  }

  /**
   * Runs heartbeats of this process with the configuration.
   *
   * @param environment of the wake: names the scratch directory
   */
  HeartbeatRunner.Builder runner(Vertx vertx, Redactor redactor, Map<String, String> environment) {
    return HeartbeatRunner.builder(vertx, worker, stateDirectory)
        .redactor(redactor)
        .limits(workLimits)
        .policies(
            binder -> OptionalBinder.newOptionalBinder(binder, HeartbeatLimits.class).setBinding().toInstance(limits))
        .scratch(Path.of(environment.getOrDefault("PAPERCLIP_RUN_SCRATCH_DIR", System.getProperty("java.io.tmpdir"))))
        .warnings(warning -> System.err.println("heartbeat: " + redactor.redact(warning)));
  }

  /** The same with another worker. */
  RunConfiguration withWorker(WorkerSource other) {
    return new RunConfiguration(other, workLimits, limits, stateDirectory, resident, problems);
  }

  /** The plugins directory: {@code HEARTBEAT_PLUGINS}, or the one of the distribution. */
  static Path pluginsDirectory(Map<String, String> environment) {
    String own = environment.getOrDefault("HEARTBEAT_PLUGINS", "");
    return own.isBlank() ? Path.of(System.getProperty("heartbeat.home", ".")).resolve("plugins") : Path.of(own);
  }

  private static Map<String, Object> mergeEnvironment(Map<String, Object> written, Map<String, String> environment) {
    environment.forEach((name, value) -> {
      switch (name) {
        case "HEARTBEAT_TIMEOUT" -> written.put("timeout", value);
        case "HEARTBEAT_SILENCE_TIMEOUT" -> written.put("silence-timeout", value);
        case "HEARTBEAT_GRACE" -> written.put("grace", value);
        case "HEARTBEAT_STARTUP_TIMEOUT" -> written.put("startup-timeout", value);
        case "HEARTBEAT_RESIDENT" -> override(written, "resident", value);
        case "HEARTBEAT_STATE_DIR" -> override(written, "state-dir", value);
        case "HEARTBEAT_PLUGINS" -> override(written, "plugins", value);
        default -> {
        }
      }
    });
    Map<String, Object> limits = copySection(written, "limits");
    addVariables(LIMIT, environment, limits);
    if (!limits.isEmpty()) {
      written.put("limits", limits);
    }
    Map<String, Object> worker = copySection(written, "worker");
    String name = environment.get("HEARTBEAT_WORKER");
    if (name != null) {
      worker.put("name", name);
    }
    Map<String, Object> settings = copySection(worker, "settings");
    addVariables(SETTING, environment, settings);
    if (!settings.isEmpty()) {
      worker.put("settings", settings);
    }
    if (!worker.isEmpty()) {
      written.put("worker", worker);
    }
    return written;
  }

  /** Ignores an empty variable. */
  private static void override(Map<String, Object> written, String name, String value) {
    if (!value.isBlank()) {
      written.put(name, value);
    }
  }

  /** A copy of a map in the file; empty if it is absent. */
  @SuppressWarnings("unchecked")
  private static Map<String, Object> copySection(Map<String, Object> written, String name) {
    return written.get(name) instanceof Map<?, ?> map ? new LinkedHashMap<>((Map<String, Object>) map)
        : new LinkedHashMap<>();
  }

  /** Adds variables as settings: {@code PREFIX_NO_OUTPUT} is the setting {@code no-output}. */
  private static void addVariables(String prefix, Map<String, String> environment, Map<String, Object> into) {
    environment.forEach((name, value) -> {
      if (name.startsWith(prefix) && name.length() > prefix.length()) {
        into.put(name.substring(prefix.length()).toLowerCase(Locale.ROOT).replace('_', '-'), value);
      }
    });
  }
}
