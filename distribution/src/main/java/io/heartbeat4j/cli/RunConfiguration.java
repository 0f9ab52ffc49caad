package io.heartbeat4j.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.heartbeat4j.heartbeat.WorkLimits;
import io.heartbeat4j.heartbeat.WorkerSource;
import io.heartbeat4j.heartbeat.plugin.Settings;
import io.heartbeat4j.heartbeat.plugin.Workers;
import io.heartbeat4j.heartbeat.redact.Redactor;
import io.heartbeat4j.heartbeat.state.StateDirectory;
import io.heartbeat4j.worker.Default;
import io.heartbeat4j.worker.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How a one-shot heartbeat works: from a YAML file and from {@code HEARTBEAT_*} variables, which win. A configuration that
 * can't be used makes a worker that says so, since the heartbeat may hold an issue that has to be told.
 */
record RunConfiguration(WorkerSource worker, WorkLimits limits, Path stateDirectory, List<String> problems) {

  private static final String SETTING = "HEARTBEAT_WORKER_";

  /** The file's shape. */
  record Shape(
      Optional<Chosen> worker,
      @Default("2h") Duration timeout,
      @Default("0") Duration silenceTimeout,
      @Default("5s") Duration grace,
      Optional<Path> plugins,
      Optional<Path> stateDir) {

    record Chosen(String name, Map<String, Object> settings) {}
  }

  static RunConfiguration read(Optional<Path> file, Map<String, String> environment, Redactor redactor) {
    Path state = StateDirectory.root(environment);
    try {
      Map<String, Object> written = merged(file, environment);
      Shape shape = new Settings(written, environment, "configuration", redactor::register).bind(Shape.class);
      Shape.Chosen chosen = shape.worker().orElseThrow(() -> new SettingsException(
          "no worker is chosen: set worker.name in the file of --config, or HEARTBEAT_WORKER to one of those that"
              + " 'heartbeat workers' lists"));
      Workers workers = new Workers(shape.plugins().orElse(plugins(environment)), RunConfiguration.class.getClassLoader());
      Settings settings = new Settings(chosen.settings(), environment, "worker.settings", redactor::register);
      return new RunConfiguration(
          () -> workers.create(chosen.name(), settings),
          new WorkLimits(shape.timeout(), shape.silenceTimeout(), shape.grace()),
          shape.stateDir().orElse(state),
          List.of());
    } catch (SettingsException unusable) {
      return new RunConfiguration(
          () -> {
            throw unusable;
          },
          WorkLimits.DEFAULT, state, unusable.problems());
    }
  }

  /** Where the distribution keeps its plugins. */
  static Path plugins(Map<String, String> environment) {
    String own = environment.getOrDefault("HEARTBEAT_PLUGINS", "");
    return own.isBlank() ? Path.of(System.getProperty("heartbeat.home", ".")).resolve("plugins") : Path.of(own);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> merged(Optional<Path> file, Map<String, String> environment) {
    Map<String, Object> written = file.map(RunConfiguration::yaml).orElseGet(LinkedHashMap::new);
    environment.forEach((name, value) -> {
      switch (name) {
        case "HEARTBEAT_TIMEOUT" -> written.put("timeout", value);
        case "HEARTBEAT_SILENCE_TIMEOUT" -> written.put("silence-timeout", value);
        case "HEARTBEAT_GRACE" -> written.put("grace", value);
        default -> { }
      }
    });
    Map<String, Object> worker = written.get("worker") instanceof Map<?, ?> map
        ? new LinkedHashMap<>((Map<String, Object>) map)
        : new LinkedHashMap<>();
    Map<String, Object> settings = worker.get("settings") instanceof Map<?, ?> map
        ? new LinkedHashMap<>((Map<String, Object>) map)
        : new LinkedHashMap<>();
    environment.forEach((name, value) -> {
      if (name.equals("HEARTBEAT_WORKER")) {
        worker.put("name", value);
      } else if (name.startsWith(SETTING) && name.length() > SETTING.length()) {
        settings.put(name.substring(SETTING.length()).toLowerCase(Locale.ROOT).replace('_', '-'), value);
      }
    });
    if (!settings.isEmpty()) {
      worker.put("settings", settings);
    }
    if (!worker.isEmpty()) {
      written.put("worker", worker);
    }
    return written;
  }

  private static Map<String, Object> yaml(Path file) {
    try {
      Map<String, Object> written = new ObjectMapper(new YAMLFactory())
          .readValue(Files.readAllBytes(file), new TypeReference<LinkedHashMap<String, Object>>() {});
      return written == null ? new LinkedHashMap<>() : written;
    } catch (com.fasterxml.jackson.core.JsonProcessingException malformed) {
      throw new SettingsException("the configuration " + file + " is not YAML as expected: "
          + malformed.getOriginalMessage().lines().findFirst().orElse("") + " (line "
          + (malformed.getLocation() == null ? "?" : malformed.getLocation().getLineNr()) + ")");
    } catch (NoSuchFileException missing) {
      throw new SettingsException("there is no file " + file + ": check the path given to --config");
    } catch (IOException unreadable) {
      throw new SettingsException("the configuration " + file + " can't be read (" + unreadable.getMessage()
          + "): check the path given to --config");
    }
  }
}
