package io.heartbeat4j.host.config;

import static java.util.stream.Collectors.toSet;

import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.heartbeat.work.WorkLimits;
import io.heartbeat4j.host.config.HostFile.AgentFile;
import io.heartbeat4j.plugin.Nearest;
import io.heartbeat4j.plugin.Settings;
import io.heartbeat4j.plugin.Workers;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.worker.Secret;
import io.heartbeat4j.worker.SettingsException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns what is written into a {@link HostConfiguration}, collecting everything that is wrong with it. */
final class ConfigurationReader {

  private static final int SHORTEST_KEY = 16;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");

  private final YamlFile file;
  private final Map<String, String> environment;
  private final Path plugins;
  private final Path standardState;
  private final Consumer<String> secrets;
  private final Problems problems;

  ConfigurationReader(
      YamlFile file, Map<String, String> environment, Path plugins, Path standardState, Consumer<String> secrets) {
    this.file = file;
    this.environment = environment;
    this.plugins = plugins;
    this.standardState = standardState;
    this.secrets = secrets;
    this.problems = new Problems(file);
  }

  HostConfiguration read() {
    HostFile written = bind(HostFile.class, file.values(), Problems.TOP);
    if (written == null) {
      throw problems.all();
    }
    Listening listening = listening(written.listen().orElseGet(() -> bound(HostFile.Listen.class)));
    HostFile.Limits limits = written.limits().orElseGet(() -> bound(HostFile.Limits.class));
    SharedWorkers workers = new SharedWorkers(
        new Workers(written.plugins().orElse(plugins), ConfigurationReader.class.getClassLoader()), problems);
    List<AgentConfiguration> agents = new ArrayList<>();
    WrittenAgents.read(written, file, problems).forEach((name, values) ->
        agent(written, name, values, workers).ifPresent(agents::add));
    if (agents.isEmpty() && problems.areNone()) {
      problems.at("agents", "there is no agent: write one under 'agents', or a file for each in a directory 'agents'");
    }
    accessKeysDiffer(agents);
    HostLimits bounds = limits(limits, agents);
    Optional<Tracing> tracing = written.traces().map(this::tracing);
    Optional<ClusterConfiguration> cluster =
        written.cluster().map(beside -> new WrittenCluster(problems).read(beside, listening));
    if (!problems.areNone()) {
      workers.retire();
      throw problems.all();
    }
    return new HostConfiguration(
        file.path(), WrittenAgents.directory(written, file), listening, bounds,
        written.stateDir().orElse(standardState), agents, cluster, tracing);
  }

  private Tracing tracing(HostFile.Traces traces) {
    URI endpoint = traces.endpoint();
    if (endpoint.getHost() == null || !List.of("http", "https").contains(endpoint.getScheme())) {
      problems.at("traces.endpoint", "'" + endpoint + "' is not an http or https address such as http://127.0.0.1:4318/v1/traces");
    }
    return new Tracing(endpoint, traces.headers());
  }

  private HostLimits limits(HostFile.Limits limits, List<AgentConfiguration> agents) {
    if (problems.areNone()) { // so that all agents are known
      eachIsSomebodys("limits.worker-slots", "worker", limits.workerSlots().keySet(),
          agents.stream().map(AgentConfiguration::workerName).collect(toSet()));
      eachIsSomebodys("limits.provider-slots", "provider", limits.providerSlots().keySet(),
          agents.stream().flatMap(agent -> agent.provider().stream()).collect(toSet()));
    }
    atLeastOne("limits.slots", limits.slots());
    atLeastOne("limits.queue", limits.queue());
    atLeastOne("limits.connections", limits.connections());
    atLeastOne("limits.body-bytes", limits.bodyBytes());
    limits.workerSlots().forEach((name, slots) -> atLeastOne("limits.worker-slots." + name, slots));
    limits.providerSlots().forEach((name, slots) -> atLeastOne("limits.provider-slots." + name, slots));
    return new HostLimits(
        limits.slots(), limits.queue(), limits.workerSlots(), limits.providerSlots(), limits.connections(),
        limits.bodyBytes(), limits.drain());
  }

  private Listening listening(HostFile.Listen listen) {
    Optional<Listening.Tls> tls = listen.tlsCertificate().flatMap(certificate -> listen.tlsKey().map(key ->
        new Listening.Tls(readable("listen.tls-certificate", certificate), readable("listen.tls-key", key))));
    if (tls.isEmpty() && (listen.tlsCertificate().isPresent() || listen.tlsKey().isPresent())) {
      problems.at("listen", "TLS needs both, tls-certificate and tls-key");
    }
    if (!isLoopback(listen.host()) && tls.isEmpty() && !listen.plainHttp()) {
      problems.at("listen.host", listen.host() + " can be reached from other machines: give tls-certificate and tls-key, or"
          + " say 'plain-http: true' where something else encrypts");
    }
    if (listen.port() < 0 || listen.port() > 65_535) {
      problems.at("listen.port", listen.port() + " is not a port");
    }
    listen.viewKey().ifPresent(key -> longEnough("listen.view-key", key));
    return new Listening(listen.host(), listen.port(), tls, listen.viewKey(), listen.socket());
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost") || host.equals("::1") || host.startsWith("127.");
  }

  private Path readable(String key, Path path) {
    if (!Files.isReadable(path)) {
      problems.at(key, "the file " + path + " can't be read");
    }
    return path;
  }

  private Optional<AgentConfiguration> agent(
      HostFile host, String name, Map<String, Object> values, SharedWorkers workers) {
    String where = Problems.TOP + ".agents." + name;
    if (!NAME.matcher(name).matches()) {
      problems.at("agents." + name, "an agent's name has letters, digits, '-' and '_' only");
      return Optional.empty();
    }
    int before = problems.count();
    AgentFile agent = bind(AgentFile.class, values, where);
    if (agent == null) {
      return Optional.empty();
    }
    String key = "agents." + name;
    Optional<AgentId> id = agent.id().map(text -> parsed(key + ".id", text, AgentId::of));
    Optional<String> url = agent.server().or(host::server);
    if (url.isEmpty()) {
      problems.at(key, "no server: write 'server: http://...' at the top, or in the agent");
    }
    Optional<ServerUrl> server = url.map(text ->
        parsed(agent.server().isPresent() ? key + ".server" : "server", text, ServerUrl::of));
    AgentToken token = parsed(key + ".key", agent.key().reveal(), AgentToken::of);
    agent.accessKey().ifPresent(access -> longEnough(key + ".access-key", access));
    agent.workspace().filter(path -> !Files.isDirectory(path)).ifPresent(path ->
        problems.at(key + ".workspace", path + " is not a directory"));
    if (agent.worker().isEmpty()) {
      problems.at(key, "no worker: write 'worker: {name: ..., settings: ...}'; 'heartbeat workers' lists what there is");
    }
    atLeastOne(key + ".slots", agent.slots());
    atLeastOne(key + ".queue", agent.queue());
    if (problems.count() > before || server.isEmpty() || token == null || agent.worker().isEmpty()) {
      return Optional.empty();
    }
    AgentFile.Chosen chosen = agent.worker().get();
    return worker(chosen, where, workers).map(worker -> new AgentConfiguration(
        name, id, server.get(), token, agent.accessKey(), chosen.name(), worker,
        agent.provider().or(worker::provider), new WorkLimits(agent.timeout(), agent.silenceTimeout(), agent.grace()),
        agent.workspace(), agent.slots(), agent.queue(), agent.timer().filter(every -> !every.isZero())));
  }

  private Optional<SharedWorker> worker(AgentFile.Chosen chosen, String where, SharedWorkers workers) {
    String settings = where + ".worker.settings";
    return workers.of(
        chosen.name(), chosen.settings(), new Settings(chosen.settings(), environment, settings, secrets), settings);
  }

  private void accessKeysDiffer(List<AgentConfiguration> agents) {
    Map<Secret, String> owners = new HashMap<>();
    for (AgentConfiguration agent : agents) {
      agent.accessKey().map(key -> owners.putIfAbsent(key, agent.name())).ifPresent(other ->
          problems.at("agents." + agent.name() + ".access-key", "it is also '" + other
              + "'s: each agent needs its own, since it tells for whom a wake is"));
    }
  }

  /** A limit for a name that no agent has would bound nothing. */
  private void eachIsSomebodys(String key, String what, Set<String> limited, Set<String> known) {
    limited.stream().filter(name -> !known.contains(name)).forEach(name -> problems.at(key + "." + name,
        "no agent has a " + what + " '" + name + "'" + Nearest.hint(name, known)
            + (known.isEmpty() ? "" : " There are: " + String.join(", ", new TreeSet<>(known)))));
  }

  private void longEnough(String key, Secret secret) {
    if (secret.reveal().length() < SHORTEST_KEY) {
      problems.at(key, "it is shorter than " + SHORTEST_KEY + " characters: make one with 'openssl rand -hex 32'");
    }
  }

  private void atLeastOne(String key, int number) {
    if (number < 1) {
      problems.at(key, number + " is not possible: at least 1");
    }
  }

  private <T> @Nullable T parsed(String key, String text, Function<String, T> parse) {
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException wrong) {
      problems.at(key, String.valueOf(wrong.getMessage()));
      return null;
    }
  }

  private static <T extends Record> T bound(Class<T> standards) {
    return new Settings(Map.of(), Map.of(), Problems.TOP, secret -> { }).bind(standards);
  }

  private <T extends Record> @Nullable T bind(Class<T> type, Map<String, Object> values, String where) {
    try {
      return new Settings(values, environment, where, secrets).bind(type);
    } catch (SettingsException wrong) {
      wrong.problems().forEach(problems::located);
      return null;
    }
  }
}
