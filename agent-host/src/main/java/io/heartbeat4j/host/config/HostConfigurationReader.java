package io.heartbeat4j.host.config;

import static java.util.stream.Collectors.toSet;

import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.heartbeat.work.DelegationLimits;
import io.heartbeat4j.heartbeat.work.WorkLimits;
import io.heartbeat4j.host.config.HostFileSchema.AgentSection;
import io.heartbeat4j.plugin.NameSuggestion;
import io.heartbeat4j.plugin.SettingsReader;
import io.heartbeat4j.plugin.WorkerRegistry;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.storage.StorageProvider;
import io.heartbeat4j.worker.Secret;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a host's file into a {@link HostConfiguration} and collects all problems. */
final class HostConfigurationReader {

  private static final int MIN_KEY_LENGTH = 16;
  static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");

  private final YamlFile file;
  private final Map<String, String> environment;
  private final Path plugins;
  private final Path defaultStateDirectory;
  private final Consumer<String> secretSink;
  private final ProblemCollector problemCollector;

  HostConfigurationReader(
      YamlFile file, Map<String, String> environment, Path plugins, Path standardState, Consumer<String> secrets) {
    this.file = file;
    this.environment = environment;
    this.plugins = plugins;
    this.defaultStateDirectory = standardState;
    this.secretSink = secrets;
    this.problemCollector = new ProblemCollector(file);
  }

  HostConfiguration read() {
    HostFileSchema written = problemCollector.bind(HostFileSchema.class, file.values(), ProblemCollector.ROOT_KEY,
        this::reader);
    if (written == null) {
      throw problemCollector.toException();
    }
    Path stateDirectory = written.stateDir().orElse(defaultStateDirectory);
    HttpServerConfiguration httpServer = readHttpServer(
        written.listen().orElseGet(() -> bindDefaults(HostFileSchema.ListenSection.class)),
        written.profiles().isEmpty() ? Optional.empty() : Optional.of(standardSocket(stateDirectory)));
    HostFileSchema.LimitsSection limitsSection = written.limits()
        .orElseGet(() -> bindDefaults(HostFileSchema.LimitsSection.class));
    SharedWorkerCache workers = new SharedWorkerCache(
        new WorkerRegistry(written.plugins().orElse(plugins), HostConfigurationReader.class.getClassLoader()),
        problemCollector);
    List<AgentConfiguration> agents = new ArrayList<>();
    AgentSettingsReader.read(written, file, problemCollector)
        .forEach((name, values) -> readAgent(written, name, values, workers).ifPresent(agents::add));
    ProfileCatalog profiles = new ProfileReader(written, workers, problemCollector, this::reader)
        .read(servers(written, agents));
    if (agents.isEmpty() && profiles.isEmpty() && problemCollector.isEmpty()) {
      problemCollector.report("agents",
          "there is no agent: add one under 'agents', or as a file in the directory 'agents', or add a profile under"
              + " 'profiles', which agents choose in Paperclip");
    }
    checkAccessKeysDiffer(agents);
    HostLimits bounds = readLimits(limitsSection, agents, profiles);
    Optional<TracingConfiguration> tracing = written.traces().map(this::readTracing);
    written.store().filter(store -> StorageProvider.forUrl(store.reveal()).isEmpty())
        .ifPresent(unknown -> problemCollector.report("store", "no storage is known for this address: write"
            + " postgresql://HOST/DATABASE, and keep lib/postgresql in the distribution"));
    if (!problemCollector.isEmpty()) {
      workers.retireAll();
      throw problemCollector.toException();
    }
    return new HostConfiguration(
        file.path(), AgentSettingsReader.agentsDirectory(written, file), httpServer, bounds,
        stateDirectory, agents, written.store(), tracing, profiles);
  }

  private List<ServerUrl> servers(HostFileSchema written, List<AgentConfiguration> agents) {
    Optional<ServerUrl> own = written.server().map(text -> parse("server", text, ServerUrl::of));
    return Stream.concat(own.stream(), agents.stream().map(AgentConfiguration::server)).distinct().toList();
  }

  /** Where the adapter looks for a host. */
  private Path standardSocket(Path stateDirectory) {
    String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
    return (runtime.isBlank() ? stateDirectory : Path.of(runtime, "heartbeat4j")).resolve("host.sock");
  }

  private SettingsReader reader(Map<String, Object> values, String where) {
    return new SettingsReader(values, environment, where, secretSink);
  }

  private TracingConfiguration readTracing(HostFileSchema.TracesSection tracesSection) {
    URI endpoint = tracesSection.endpoint();
    if (endpoint.getHost() == null || !List.of("http", "https").contains(endpoint.getScheme())) {
      problemCollector.report("traces.endpoint",
          "'" + endpoint + "' is not an http or https address such as http://127.0.0.1:4318/v1/traces");
    }
    return new TracingConfiguration(endpoint, tracesSection.headers());
  }

  private HostLimits readLimits(HostFileSchema.LimitsSection limitsSection, List<AgentConfiguration> agents,
      ProfileCatalog profiles) {
    if (problemCollector.isEmpty()) { // with problems, some agents are missing in the list
      checkNamesAreUsed("limits.worker-slots", "worker", limitsSection.workerSlots().keySet(),
          Stream.concat(agents.stream().map(AgentConfiguration::workerName), profiles.workerNames()).collect(toSet()));
      checkNamesAreUsed("limits.provider-slots", "provider", limitsSection.providerSlots().keySet(),
          Stream.concat(agents.stream().flatMap(agent -> agent.provider().stream()), profiles.providers())
              .collect(toSet()));
    }
    problemCollector.checkAtLeastOne("limits.slots", limitsSection.slots());
    limitsSection.companySlots().ifPresent(slots -> problemCollector.checkAtLeastOne("limits.company-slots", slots));
    problemCollector.checkAtLeastOne("limits.queue", limitsSection.queue());
    problemCollector.checkAtLeastOne("limits.connections", limitsSection.connections());
    problemCollector.checkAtLeastOne("limits.body-bytes", limitsSection.bodyBytes());
    limitsSection.workerSlots()
        .forEach((name, slots) -> problemCollector.checkAtLeastOne("limits.worker-slots." + name, slots));
    limitsSection.providerSlots()
        .forEach((name, slots) -> problemCollector.checkAtLeastOne("limits.provider-slots." + name, slots));
    return new HostLimits(
        limitsSection.slots(), limitsSection.companySlots().orElse(Integer.MAX_VALUE), limitsSection.queue(),
        limitsSection.workerSlots(), limitsSection.providerSlots(), limitsSection.connections(),
        limitsSection.bodyBytes(), limitsSection.drain());
  }

  private HttpServerConfiguration readHttpServer(HostFileSchema.ListenSection listenSection,
      Optional<Path> standardSocket) {
    Optional<HttpServerConfiguration.TlsFiles> tls = listenSection.tlsCertificate()
        .flatMap(certificate -> listenSection.tlsKey()
            .map(key -> new HttpServerConfiguration.TlsFiles(checkReadable("listen.tls-certificate", certificate),
                checkReadable("listen.tls-key", key))));
    if (tls.isEmpty() && (listenSection.tlsCertificate().isPresent() || listenSection.tlsKey().isPresent())) {
      problemCollector.report("listen", "TLS needs both tls-certificate and tls-key");
    }
    if (!isLoopback(listenSection.host()) && tls.isEmpty() && !listenSection.plainHttp()) {
      problemCollector.report("listen.host",
          listenSection.host() + " can be reached from other machines: set tls-certificate and tls-key, or"
              + " 'plain-http: true' if a proxy encrypts the connection");
    }
    if (listenSection.port() < 0 || listenSection.port() > 65_535) {
      problemCollector.report("listen.port", listenSection.port() + " is not a port");
    }
    listenSection.viewKey().ifPresent(key -> checkKeyLength("listen.view-key", key));
    listenSection.adapterKey().ifPresent(key -> checkKeyLength("listen.adapter-key", key));
    return new HttpServerConfiguration(listenSection.host(), listenSection.port(), tls, listenSection.viewKey(),
        listenSection.socket().or(() -> standardSocket), listenSection.adapterKey());
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost") || host.equals("::1") || host.startsWith("127.");
  }

  private Path checkReadable(String key, Path path) {
    if (!Files.isReadable(path)) {
      problemCollector.report(key, "the file " + path + " can't be read");
    }
    return path;
  }

  private Optional<AgentConfiguration> readAgent(
      HostFileSchema host, String name, Map<String, Object> values, SharedWorkerCache workers) {
    String where = ProblemCollector.ROOT_KEY + ".agents." + name;
    if (!NAME.matcher(name).matches()) {
      problemCollector.report("agents." + name, "an agent's name may contain only letters, digits, '-' and '_'");
      return Optional.empty();
    }
    int before = problemCollector.count();
    AgentSection agent = problemCollector.bind(AgentSection.class, values, where, this::reader);
    if (agent == null) {
      if (values.get("worker") instanceof Map<?, ?> worker) {
        ProblemCollector.bindAgain(AgentSection.WorkerSection.class, worker, where + ".worker", this::reader)
            .ifPresent(section -> createWorker(section, where, workers));
      }
      return Optional.empty();
    }
    String key = "agents." + name;
    Optional<AgentId> id = agent.id().map(text -> parse(key + ".id", text, AgentId::of));
    Optional<String> url = agent.server().or(host::server);
    if (url.isEmpty()) {
      problemCollector.report(key, "no server: set 'server: http://...' at the top level or in the agent");
    }
    Optional<ServerUrl> server = url
        .map(text -> parse(agent.server().isPresent() ? key + ".server" : "server", text, ServerUrl::of));
    AgentToken token = parse(key + ".key", agent.key().reveal(), AgentToken::of);
    agent.accessKey().ifPresent(access -> checkKeyLength(key + ".access-key", access));
    agent.workspace().filter(path -> !Files.isDirectory(path))
        .ifPresent(path -> problemCollector.report(key + ".workspace", path + " is not a directory"));
    if (agent.worker().isEmpty()) {
      problemCollector.report(key,
          "no worker: set 'worker: {name: ..., settings: ...}'; 'heartbeat workers' lists the workers");
    }
    problemCollector.checkAtLeastOne(key + ".slots", agent.slots());
    problemCollector.checkAtLeastOne(key + ".queue", agent.queue());
    Optional<SharedWorker> worker = agent.worker().flatMap(section -> createWorker(section, where, workers));
    if (problemCollector.count() > before || server.isEmpty() || token == null || worker.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new AgentConfiguration(
        name, id, server.get(), Optional.of(token), agent.accessKey(), agent.worker().get().name(), worker.get(),
        agent.provider().or(worker.get()::providerAccount),
        new WorkLimits(agent.timeout(), agent.silenceTimeout(), agent.grace(), Duration.ZERO,
            agent.delegation().orElse(DelegationLimits.DEFAULT)),
        agent.workspace(), agent.slots(), agent.queue(), agent.timer().filter(every -> !every.isZero())));
  }

  private Optional<SharedWorker> createWorker(AgentSection.WorkerSection workerSection, String where,
      SharedWorkerCache workers) {
    String settings = where + ".worker.settings";
    return workers.getOrCreate(
        workerSection.name(), workerSection.settings(),
        reader(workerSection.settings(), settings), settings);
  }

  private void checkAccessKeysDiffer(List<AgentConfiguration> agents) {
    Map<Secret, String> owners = new HashMap<>();
    for (AgentConfiguration agent : agents) {
      agent.accessKey().map(key -> owners.putIfAbsent(key, agent.name()))
          .ifPresent(other -> problemCollector.report("agents." + agent.name() + ".access-key", "agent '" + other
              + "' has the same key: each agent needs its own, because the key identifies the agent of a wake"));
    }
  }

  /** Reports limits for names that no agent uses, because they would have no effect. */
  private void checkNamesAreUsed(String key, String what, Set<String> limited, Set<String> known) {
    limited.stream().filter(name -> !known.contains(name)).forEach(name -> problemCollector.report(key + "." + name,
        "no agent has a " + what + " '" + name + "'" + NameSuggestion.didYouMean(name, known)
            + (known.isEmpty() ? "" : " Known: " + String.join(", ", new TreeSet<>(known)))));
  }

  private void checkKeyLength(String key, Secret secret) {
    if (secret.reveal().length() < MIN_KEY_LENGTH) {
      problemCollector.report(key,
          "it is shorter than " + MIN_KEY_LENGTH + " characters: create one with 'openssl rand -hex 32'");
    }
  }

  private <T> @Nullable T parse(String key, String text, Function<String, T> parse) {
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException wrong) {
      problemCollector.report(key, String.valueOf(wrong.getMessage()));
      return null;
    }
  }

  private static <T extends Record> T bindDefaults(Class<T> standards) {
    return new SettingsReader(Map.of(), Map.of(), ProblemCollector.ROOT_KEY, secret -> {}).bind(standards);
  }
}
