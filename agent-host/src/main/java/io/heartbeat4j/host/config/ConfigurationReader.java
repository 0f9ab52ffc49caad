package io.heartbeat4j.host.config;

import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.heartbeat.WorkLimits;
import io.heartbeat4j.heartbeat.WorkerSource;
import io.heartbeat4j.heartbeat.plugin.Settings;
import io.heartbeat4j.heartbeat.plugin.Workers;
import io.heartbeat4j.host.config.HostFile.AgentFile;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.worker.Secret;
import io.heartbeat4j.worker.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Turns what is written into a {@link HostConfiguration}, collecting everything that is wrong with it. */
final class ConfigurationReader {

  private static final String TOP = "host";
  private static final int SHORTEST_KEY = 16;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");

  private final YamlFile file;
  private final Map<String, String> environment;
  private final Path plugins;
  private final Path standardState;
  private final Consumer<String> secrets;
  private final List<String> problems = new ArrayList<>();
  private final Map<String, YamlFile> agentFiles = new HashMap<>();

  ConfigurationReader(
      YamlFile file, Map<String, String> environment, Path plugins, Path standardState, Consumer<String> secrets) {
    this.file = file;
    this.environment = environment;
    this.plugins = plugins;
    this.standardState = standardState;
    this.secrets = secrets;
  }

  HostConfiguration read() {
    HostFile written = bind(HostFile.class, file.values(), TOP);
    if (written == null) {
      throw new SettingsException(problems);
    }
    Listening listening = listening(written.listen().orElseGet(() -> bound(HostFile.Listen.class)));
    HostFile.Limits limits = written.limits().orElseGet(() -> bound(HostFile.Limits.class));
    SharedWorkers workers = new SharedWorkers(
        new Workers(written.plugins().orElse(plugins), ConfigurationReader.class.getClassLoader()));
    List<AgentConfiguration> agents = new ArrayList<>();
    agentValues(written).forEach((name, values) -> agent(written, name, values, workers).ifPresent(agents::add));
    if (agents.isEmpty() && problems.isEmpty()) {
      problem("agents", "there is no agent: write one under 'agents', or a file for each in a directory 'agents'");
    }
    accessKeysDiffer(agents);
    workers.problems().forEach(this::located);
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    return new HostConfiguration(
        file.path(), directory(written), listening,
        new HostLimits(limits.slots(), limits.queue(), limits.workerSlots(), limits.connections(), limits.bodyBytes(),
            limits.drain()),
        written.stateDir().orElse(standardState), agents);
  }

  private Listening listening(HostFile.Listen listen) {
    Optional<Listening.Tls> tls = listen.tlsCertificate().flatMap(certificate -> listen.tlsKey().map(key ->
        new Listening.Tls(readable("listen.tls-certificate", certificate), readable("listen.tls-key", key))));
    if (tls.isEmpty() && (listen.tlsCertificate().isPresent() || listen.tlsKey().isPresent())) {
      problem("listen", "TLS needs both, tls-certificate and tls-key");
    }
    if (!isLoopback(listen.host()) && tls.isEmpty() && !listen.plainHttp()) {
      problem("listen.host", listen.host() + " can be reached from other machines: give tls-certificate and tls-key, or"
          + " say 'plain-http: true' where something else encrypts");
    }
    if (listen.port() < 0 || listen.port() > 65_535) {
      problem("listen.port", listen.port() + " is not a port");
    }
    listen.viewKey().ifPresent(key -> longEnough("listen.view-key", key));
    return new Listening(listen.host(), listen.port(), tls, listen.viewKey(), listen.socket());
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost") || host.equals("::1") || host.startsWith("127.");
  }

  private Path readable(String key, Path path) {
    if (!Files.isReadable(path)) {
      problem(key, "the file " + path + " can't be read");
    }
    return path;
  }

  /** Name to what is written of each agent: its own keys, and where it has none, the defaults'. */
  private Map<String, Map<String, Object>> agentValues(HostFile written) {
    Map<String, Map<String, Object>> all = new LinkedHashMap<>();
    written.agents().forEach((name, values) -> all.put(name, withDefaults(written, values)));
    Path directory = directory(written);
    if (Files.isDirectory(directory)) {
      try (Stream<Path> files = Files.list(directory)) {
        files.filter(each -> each.toString().endsWith(".yaml")).sorted().forEach(each -> agentFile(written, each, all));
      } catch (IOException unreadable) {
        problem("agents-dir", "the directory " + directory + " can't be read");
      }
    } else if (written.agentsDir().isPresent()) {
      problem("agents-dir", directory + " is not a directory");
    }
    return all;
  }

  private Path directory(HostFile written) {
    return written.agentsDir().orElse(file.path().toAbsolutePath().resolveSibling("agents"));
  }

  private void agentFile(HostFile written, Path path, Map<String, Map<String, Object>> all) {
    String name = String.valueOf(path.getFileName()).replaceFirst("\\.yaml$", "");
    try {
      YamlFile agent = YamlFile.read(path);
      if (all.containsKey(name)) {
        problems.add(path + ": there is an agent '" + name + "' already; rename the file or remove the other one");
        return;
      }
      agentFiles.put(name, agent);
      all.put(name, withDefaults(written, agent.values()));
    } catch (SettingsException malformed) {
      problems.addAll(malformed.problems());
    }
  }

  private static Map<String, Object> withDefaults(HostFile written, Map<String, Object> values) {
    Map<String, Object> all = new LinkedHashMap<>(written.defaults());
    all.putAll(values);
    return all;
  }

  private Optional<AgentConfiguration> agent(
      HostFile host, String name, Map<String, Object> values, SharedWorkers workers) {
    String where = TOP + ".agents." + name;
    if (!NAME.matcher(name).matches()) {
      problem("agents." + name, "an agent's name has letters, digits, '-' and '_' only");
      return Optional.empty();
    }
    int before = problems.size();
    AgentFile agent = bind(AgentFile.class, values, where);
    if (agent == null) {
      return Optional.empty();
    }
    String key = "agents." + name;
    Optional<AgentId> id = agent.id().map(text -> parsed(key + ".id", text, AgentId::of));
    Optional<String> url = agent.server().or(host::server);
    if (url.isEmpty()) {
      problem(key, "no server: write 'server: http://...' at the top, or in the agent");
    }
    Optional<ServerUrl> server = url.map(text -> parsed(agent.server().isPresent() ? key + ".server" : "server", text, ServerUrl::of));
    AgentToken token = parsed(key + ".key", agent.key().reveal(), AgentToken::of);
    agent.accessKey().ifPresent(access -> longEnough(key + ".access-key", access));
    agent.workspace().filter(path -> !Files.isDirectory(path)).ifPresent(path ->
        problem(key + ".workspace", path + " is not a directory"));
    if (agent.worker().isEmpty()) {
      problem(key, "no worker: write 'worker: {name: ..., settings: ...}'; 'heartbeat workers' lists what there is");
    }
    atLeastOne(key + ".slots", agent.slots());
    atLeastOne(key + ".queue", agent.queue());
    if (problems.size() > before || server.isEmpty() || token == null || agent.worker().isEmpty()) {
      return Optional.empty();
    }
    AgentFile.Chosen chosen = agent.worker().get();
    return Optional.of(new AgentConfiguration(
        name, id, server.get(), token, agent.accessKey(), chosen.name(), worker(chosen, where, workers),
        new WorkLimits(agent.timeout(), agent.silenceTimeout(), agent.grace()), agent.workspace(), agent.slots(),
        agent.queue(), agent.timer().filter(every -> !every.isZero())));
  }

  private WorkerSource worker(AgentFile.Chosen chosen, String where, SharedWorkers workers) {
    String settings = where + ".worker.settings";
    return workers.of(
        chosen.name(), chosen.settings(), new Settings(chosen.settings(), environment, settings, secrets), settings);
  }

  private void accessKeysDiffer(List<AgentConfiguration> agents) {
    Map<Secret, String> owners = new HashMap<>();
    for (AgentConfiguration agent : agents) {
      agent.accessKey().map(key -> owners.putIfAbsent(key, agent.name())).ifPresent(other ->
          problem("agents." + agent.name() + ".access-key", "it is also '" + other
              + "'s: each agent needs its own, since it tells for whom a wake is"));
    }
  }

  private void longEnough(String key, Secret secret) {
    if (secret.reveal().length() < SHORTEST_KEY) {
      problem(key, "it is shorter than " + SHORTEST_KEY + " characters: make one with 'openssl rand -hex 32'");
    }
  }

  private void atLeastOne(String key, int number) {
    if (number < 1) {
      problem(key, number + " is not possible: at least 1");
    }
  }

  private <T> @Nullable T parsed(String key, String text, Function<String, T> parse) {
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException wrong) {
      problem(key, String.valueOf(wrong.getMessage()));
      return null;
    }
  }

  private static <T extends Record> T bound(Class<T> standards) {
    return new Settings(Map.of(), Map.of(), TOP, secret -> { }).bind(standards);
  }

  private <T extends Record> @Nullable T bind(Class<T> type, Map<String, Object> values, String where) {
    try {
      return new Settings(values, environment, where, secrets).bind(type);
    } catch (SettingsException wrong) {
      wrong.problems().forEach(this::located);
      return null;
    }
  }

  private void problem(String key, String words) {
    located(TOP + "." + key + ": " + words);
  }

  /** Puts file and line before a problem that begins with its key. */
  private void located(String problem) {
    String text = problem.startsWith(TOP + ".") ? problem.substring(TOP.length() + 1) : problem;
    String key = text.split("[ :]", 2)[0];
    for (Map.Entry<String, YamlFile> agent : agentFiles.entrySet()) {
      String prefix = "agents." + agent.getKey();
      if (key.equals(prefix) || key.startsWith(prefix + ".")) {
        problems.add(agent.getValue().placeOf(key.substring(Math.min(key.length(), prefix.length() + 1))) + ": " + text);
        return;
      }
    }
    problems.add(file.placeOf(key) + ": " + text);
  }
}
