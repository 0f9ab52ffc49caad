package io.heartbeat4j.host.config;

import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.heartbeat.work.WorkLimits;
import io.heartbeat4j.host.config.HostFileSchema.AgentSection;
import io.heartbeat4j.host.config.HostFileSchema.ProfileSection;
import io.heartbeat4j.plugin.NameSuggestion;
import io.heartbeat4j.plugin.SettingSchema;
import io.heartbeat4j.plugin.SettingsReader;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** Reads the profiles of a host's file. */
final class ProfileReader {

  /** The name under which an agent chooses a model. */
  static final String MODEL = "model";

  private final HostFileSchema host;
  private final SharedWorkerCache workers;
  private final ProblemCollector problemCollector;
  private final BiFunction<Map<String, Object>, String, SettingsReader> readers;

  /** @param readers reads values under a key */
  ProfileReader(HostFileSchema host, SharedWorkerCache workers, ProblemCollector problemCollector,
      BiFunction<Map<String, Object>, String, SettingsReader> readers) {
    this.host = host;
    this.workers = workers;
    this.problemCollector = problemCollector;
    this.readers = readers;
  }

  /** @param servers the host's, then the agents' */
  ProfileCatalog read(List<ServerUrl> servers) {
    if (!host.profiles().isEmpty() && servers.isEmpty() && problemCollector.isEmpty()) {
      problemCollector.report("profiles", "no server: set 'server: http://...' at the top level");
    }
    List<WorkerProfile> profiles = new ArrayList<>();
    host.profiles().forEach((name, values) -> read(name, values).ifPresent(profiles::add));
    Optional<String> wanted = host.defaultProfile();
    wanted.filter(name -> !host.profiles().containsKey(name))
        .ifPresent(name -> problemCollector.report("default-profile", "there is no profile '" + name + "'"
            + NameSuggestion.didYouMean(name, host.profiles().keySet())));
    return new ProfileCatalog(profiles,
        profiles.stream().filter(profile -> wanted.map(profile.settings().name()::equals).orElse(true)).findFirst(),
        servers);
  }

  private Optional<WorkerProfile> read(String name, Map<String, Object> values) {
    String key = "profiles." + name;
    if (!HostConfigurationReader.NAME.matcher(name).matches()) {
      problemCollector.report(key, "a profile's name may contain only letters, digits, '-' and '_'");
      return Optional.empty();
    }
    int before = problemCollector.count();
    String where = ProblemCollector.ROOT_KEY + "." + key;
    ProfileSection section = problemCollector.bind(ProfileSection.class, values, where, readers);
    if (section == null) {
      return Optional.empty();
    }
    section.workspace().filter(path -> !Files.isDirectory(path))
        .ifPresent(path -> problemCollector.report(key + ".workspace", path + " is not a directory"));
    problemCollector.checkAtLeastOne(key + ".slots", section.slots());
    problemCollector.checkAtLeastOne(key + ".queue", section.queue());
    AgentSection.WorkerSection worker = section.worker();
    String settingsKey = where + ".worker.settings";
    SettingsReader settings = readers.apply(worker.settings(), settingsKey);
    Optional<SharedWorker> standard = workers.getOrCreate(worker.name(), worker.settings(), settings, settingsKey);
    if (standard.isEmpty()) {
      return Optional.empty();
    }
    Map<String, WorkerProfile.Overridable> overridable = overridable(key, section);
    return problemCollector.count() > before
        ? Optional.empty()
        : Optional.of(new WorkerProfile(
            new WorkerProfile.Settings(name, section.description(), worker.name(), section.models(),
                section.provider(), new WorkLimits(section.timeout(), section.silenceTimeout(), section.grace()),
                section.workspace(), section.overridable().contains(WorkerProfile.WORKSPACE), section.slots(),
                section.queue()),
            overridable, standard.get(),
            changes -> workers.createVariant(worker.name(), readers.apply(worker.settings(), "settings")
                .withOverrides(changes))));
  }

  private Map<String, WorkerProfile.Overridable> overridable(String profile, ProfileSection section) {
    Map<String, SettingSchema> known = SettingSchema.of(workers.settingsType(section.worker().name()));
    Map<String, WorkerProfile.Overridable> found = new LinkedHashMap<>();
    List<String> names = section.overridable();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (!name.equals(WorkerProfile.WORKSPACE)) {
        add(found, profile + ".overridable[" + i + "]", name, section, known);
      }
    }
    if (!section.models().isEmpty() && !found.containsKey(MODEL)) {
      add(found, profile + ".models", MODEL, section, known);
    }
    return found;
  }

  /** A setting that is a map with a name can be changed by this name. */
  private void add(Map<String, WorkerProfile.Overridable> found, String where, String name, ProfileSection section,
      Map<String, SettingSchema> known) {
    String key = known.containsKey(name) ? name : name + ".name";
    SettingSchema schema = known.get(key);
    if (schema == null) {
      problemCollector.report(where, "the worker '" + section.worker().name() + "' has no setting '" + name
          + "' that an agent could be given" + NameSuggestion.didYouMean(name, known.keySet()) + " (known: "
          + String.join(", ", known.keySet()) + ")");
      return;
    }
    Optional<String> written = writtenValue(section.worker().settings(), List.of(key.split("\\.")));
    found.put(name, new WorkerProfile.Overridable(key, new SettingSchema(schema.type(), schema.description(),
        written.or(schema::defaultValue), name.equals(MODEL) && !section.models().isEmpty()
            ? section.models()
            : schema.choices())));
  }

  /** The profile's own value, unless it is brought in from elsewhere. */
  private static Optional<String> writtenValue(Map<?, ?> settings, List<String> path) {
    Object value = settings.get(path.get(0));
    return value instanceof Map<?, ?> inner && path.size() > 1
        ? writtenValue(inner, path.subList(1, path.size()))
        : Optional.ofNullable(value).filter(written -> path.size() == 1 && !(written instanceof Map))
            .map(String::valueOf).filter(text -> !text.contains("${"));
  }
}
