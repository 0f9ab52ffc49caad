package io.heartbeat4j.host.config;

import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.heartbeat.work.WorkLimits;
import io.heartbeat4j.plugin.SettingSchema;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.worker.SettingsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * A worker with its limits that agents choose in Paperclip, and the settings that they may change. Each set of changes
 * has a worker of its own, which all agents with the same changes share; the ones used longest ago are given up.
 * Thread-safe.
 */
public final class WorkerProfile {

  /** Before it, the setting of the profile itself: which directory its worker works in. */
  public static final String WORKSPACE = "workspace";

  private static final int MAX_VARIANTS = 32;

  /**
   * What the file says of a profile.
   *
   * @param models the models that an agent may choose; empty where its worker's setting says nothing of them
   * @param workspace instead of the one that the server prepared
   * @param mayChooseWorkspace whether an agent may name another directory
   */
  public record Settings(
      String name, String description, String workerName, List<String> models, Optional<String> provider,
      WorkLimits limits, Optional<Path> workspace, boolean mayChooseWorkspace, int slots, int queue) {
    public Settings {
      models = List.copyOf(models);
    }
  }

  /**
   * A setting that an agent may change.
   *
   * @param key its key among the worker's settings; dots lead into a map
   */
  public record Overridable(String key, SettingSchema schema) {}

  private final Settings settings;
  private final Map<String, Overridable> overridable;
  private final SharedWorker standard;
  private final Function<Map<String, Object>, SharedWorker> variantFactory;
  private final LinkedHashMap<Map<String, Object>, SharedWorker> variants = new LinkedHashMap<>(16, 0.75f, true);
  private boolean retired;

  /**
   * @param overridable by the name that an agent uses
   * @param standard the worker of agents that change nothing
   * @param variantFactory makes a worker with other values for some keys; throws {@link SettingsException}
   */
  WorkerProfile(Settings settings, Map<String, Overridable> overridable, SharedWorker standard,
      Function<Map<String, Object>, SharedWorker> variantFactory) {
    this.settings = settings;
    this.overridable = Map.copyOf(overridable);
    this.standard = standard;
    this.variantFactory = variantFactory;
  }

  public Settings settings() {
    return settings;
  }

  /** The settings that an agent may change, by the name that it uses. */
  public Map<String, Overridable> overridable() {
    return overridable;
  }

  /** The provider account that its worker uses, unless an agent's changes name another one. */
  public Optional<String> provider() {
    return settings.provider().or(standard::providerAccount);
  }

  /**
   * The agent with this profile and its own changes, without a key. Blocks.
   *
   * @param changes by names of {@link #overridable()}
   * @param workspace instead of the profile's
   * @throws SettingsException if the worker can't be made so
   */
  public AgentConfiguration configure(AgentId id, ServerUrl server, Map<String, Object> changes,
      Optional<Path> workspace) {
    workspace.filter(path -> !Files.isDirectory(path)).ifPresent(path -> {
      throw new SettingsException(WORKSPACE + ": " + path + " is not a directory on the host's machine");
    });
    SharedWorker worker = changes.isEmpty() ? standard : variant(changes);
    return new AgentConfiguration(
        id.toString(), Optional.of(id), server, Optional.empty(), Optional.empty(), settings.workerName(), worker,
        settings.provider().or(worker::providerAccount), settings.limits(), workspace.or(settings::workspace),
        settings.slots(), settings.queue(), Optional.empty());
  }

  private SharedWorker variant(Map<String, Object> changes) {
    List<SharedWorker> unused = new ArrayList<>();
    SharedWorker worker;
    synchronized (this) {
      SharedWorker known = variants.get(changes);
      worker = known == null ? variantFactory.apply(byKey(changes)) : known;
      variants.put(changes, worker);
      if (variants.size() > MAX_VARIANTS) {
        unused.add(variants.pollFirstEntry().getValue());
      }
      if (retired) {
        unused.add(worker);
      }
    }
    unused.forEach(SharedWorker::retire);
    return worker;
  }

  private Map<String, Object> byKey(Map<String, Object> changes) {
    Map<String, Object> values = new LinkedHashMap<>();
    changes.forEach((name, value) -> {
      if (name.equals(ProfileReader.MODEL) && !settings.models().isEmpty()
          && !settings.models().contains(String.valueOf(value))) {
        throw new SettingsException(
            "model is one of " + String.join(", ", settings.models()) + " in profile '" + settings.name() + "'");
      }
      values.put(Objects.requireNonNull(overridable.get(name), "was checked").key(), value);
    });
    return values;
  }

  /** Ends the use of its workers by new heartbeats. Blocks. */
  public void retire() {
    List<SharedWorker> all;
    synchronized (this) {
      retired = true;
      all = List.copyOf(variants.values());
    }
    standard.retire();
    all.forEach(SharedWorker::retire);
  }
}
