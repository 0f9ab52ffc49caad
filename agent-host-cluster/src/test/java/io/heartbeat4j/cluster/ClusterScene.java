package io.heartbeat4j.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.hazelcast.cluster.impl.MemberImpl;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.instance.impl.Node;
import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.embedded.EmbeddedBoard;
import io.heartbeat4j.embedded.EmbeddedPaperclip;
import io.heartbeat4j.heartbeat.work.WorkLimits;
import io.heartbeat4j.host.AgentHost;
import io.heartbeat4j.host.HostDependencies;
import io.heartbeat4j.host.cluster.ClusterProvider;
import io.heartbeat4j.host.cluster.ClusterProvider.Joined;
import io.heartbeat4j.host.config.AgentConfiguration;
import io.heartbeat4j.host.config.ClusterConfiguration;
import io.heartbeat4j.host.config.HostConfiguration;
import io.heartbeat4j.host.config.HostLimits;
import io.heartbeat4j.host.config.HttpServerConfiguration;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.worker.Secret;
import io.heartbeat4j.worker.Worker;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/**
 * A company on an embedded server, and hosts {@code a}, {@code b} and {@code c} on one volume, of which a test starts
 * some.
 */
final class ClusterScene implements AutoCloseable {

  /** An answer of a host. */
  record Reply(int status, String text) {
    JsonObject json() {
      return new JsonObject(text);
    }
  }

  static final long LIMIT_SECONDS = 40;
  private static final Path SCRIPT = Path.of("../distribution/src/main/sh/heartbeat-wake").toAbsolutePath().normalize();

  final Vertx vertx = Vertx.vertx();
  final EmbeddedPaperclip server = await(EmbeddedPaperclip.start(vertx));
  final EmbeddedBoard embeddedBoard = server.board();
  private final String company = await(embeddedBoard.createCompany("Scene")).path("id").asText();
  private final Map<String, HttpServerConfiguration.TlsFiles> certificates;
  private final HttpClient client = vertx
      .createHttpClient(new HttpClientOptions().setTrustAll(true).setVerifyHost(false));
  private final Path state;
  private final Map<String, ClusterConfiguration.Node> nodes = new LinkedHashMap<>();
  private final Map<String, AgentConfiguration> agents = new LinkedHashMap<>();
  private final Map<String, AgentHost> hosts = new HashMap<>();
  private final Map<String, Joined> joined = new HashMap<>();

  ClusterScene() {
    this(Map.of());
  }

  /**
   * @param certificates what hosts show on their listener, by the host's name; without one they are reached without TLS
   */
  ClusterScene(Map<String, HttpServerConfiguration.TlsFiles> certificates) {
    this.certificates = certificates;
    try {
      state = Files.createTempDirectory("hosts");
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
    for (String name : List.of("a", "b", "c")) {
      nodes.put(name, new ClusterConfiguration.Node(
          URI.create((certificates.isEmpty() ? "http" : "https") + "://127.0.0.1:" + freePort()), "127.0.0.1",
          freePort()));
    }
  }

  /** A new agent, which Paperclip wakes at one of the hosts by the gateway's adapter. */
  String agent(String name, String at, Worker worker) {
    return agent(name, worker, "hermes_gateway", access -> Map.of(
        "apiBaseUrl", url(at).toString(), "apiKey", access, "pollIntervalMs", 100, "eventReconnectMs", 100));
  }

  /** A new agent; those hosts that are running know it. */
  String agent(String name, Worker worker, String adapter, Function<String, Map<String, ?>> settingsByKey) {
    String access = "access-" + UUID.randomUUID();
    String id = await(embeddedBoard.createAgent(company, name,
        Map.of("adapterType", adapter, "adapterConfig", settingsByKey.apply(access))))
        .path("id").asText();
    agents.put(name, new AgentConfiguration(
        name, Optional.empty(), ServerUrl.of(server.url()), AgentToken.of(await(embeddedBoard.createKey(id))),
        Optional.of(Secret.of(access)),
        "test", () -> worker, Optional.empty(),
        new WorkLimits(Duration.ofSeconds(60), Duration.ZERO, Duration.ofMillis(200)),
        Optional.empty(), 4, 50, Optional.empty()));
    hosts.forEach((node, agentHost) -> await(agentHost.reload(configuration(node))));
    return id;
  }

  HostConfiguration configuration(String node) {
    return new HostConfiguration(
        Path.of("host.yaml"), Path.of("agents"),
        new HttpServerConfiguration("127.0.0.1", url(node).getPort(), Optional.ofNullable(certificates.get(node)),
            Optional.empty(),
            Optional.of(socket(node))),
        new HostLimits(8, 100, Map.of(), Map.of(), 100, 1 << 20, Duration.ofSeconds(5)),
        state, new ArrayList<>(agents.values()), Optional.of(new ClusterConfiguration(node, nodes)),
        Optional.empty());
  }

  Joined join(String node) {
    return await(ClusterProvider.find().orElseThrow().join(configuration(node)));
  }

  /** Another host that claims to be this one, from another port. */
  Joined joinAgainAs(String node) {
    Map<String, ClusterConfiguration.Node> others = new LinkedHashMap<>(nodes);
    others.put(node, new ClusterConfiguration.Node(url(node), "127.0.0.1", freePort()));
    HostConfiguration real = configuration(node);
    return await(ClusterProvider.find().orElseThrow().join(new HostConfiguration(
        real.file(), real.agentsDirectory(), real.httpServer(), real.limits(), real.stateDirectory(), real.agents(),
        Optional.of(new ClusterConfiguration(node, others)), Optional.empty())));
  }

  /** Starts it, and waits until it takes its share. */
  void start(String node) {
    Joined with = join(node);
    joined.put(node, with);
    hosts.put(node, await(AgentHost.start(with.vertx(), configuration(node),
        new HostDependencies(Clock.systemUTC(), new Random(), Redactor.of(List.of()), List.of(), List.of(),
            failure -> 70),
        with.neighbours())));
    untilAllSeeOneAnother();
  }

  /** As when the network between the hosts fails: each takes the others for gone. */
  void loseSight() {
    for (String node : hosts.keySet()) {
      Node one = hazelcast(node);
      one.getClusterService().getMembers().stream().filter(member -> !member.localMember())
          .forEach(other -> one.getClusterService().suspectMember((MemberImpl) other, "the test says so", true));
    }
    until("no host sees another", () -> joined.keySet().stream().allMatch(node -> others(node).isEmpty()));
  }

  void untilAllSeeOneAnother() {
    until("each host sees " + hosts.keySet(), () -> hosts.keySet().stream().allMatch(this::sees));
  }

  private Node hazelcast(String node) {
    HazelcastClusterManager manager = (HazelcastClusterManager) Objects.requireNonNull(
        ((VertxInternal) Objects.requireNonNull(joined.get(node)).vertx()).clusterManager());
    return ((HazelcastInstanceProxy) manager.getHazelcastInstance()).getOriginal().node;
  }

  private List<String> others(String node) {
    return ((ClusterNeighbours) Objects.requireNonNull(joined.get(node)).neighbours()).others();
  }

  private boolean sees(String node) {
    return others(node).size() == hosts.size() - 1;
  }

  boolean isHome(String node, String agent) {
    return Objects.requireNonNull(joined.get(node)).neighbours().isHome(agent);
  }

  /** The host that takes the agent's wakes in. */
  String home(String agent) {
    return hosts.keySet().stream().filter(node -> isHome(node, agent)).findFirst().orElse("");
  }

  /** An agent's name that is at home there. */
  String nameAt(String node) {
    return nameAt(node, "");
  }

  /** An agent's name with this end that is at home there. */
  String nameAt(String node, String end) {
    return java.util.stream.IntStream.range(0, 1_000).mapToObj(i -> "Wren" + i + end)
        .filter(name -> isHome(node, name)).findFirst().orElseThrow();
  }

  /** Ends the host as SIGTERM does. */
  void drain(String node, Duration patience) {
    await(Objects.requireNonNull(hosts.remove(node)).drain(patience));
    await(Objects.requireNonNull(joined.remove(node)).vertx().close());
  }

  /** Where {@code heartbeat wake} finds the host. */
  Path socket(String node) {
    return state.resolve(node + ".sock");
  }

  URI url(String node) {
    return Objects.requireNonNull(nodes.get(node)).url();
  }

  String access(String agent) {
    return Objects.requireNonNull(agents.get(agent)).accessKey().orElseThrow().reveal();
  }

  String assigned(String title, String agent) {
    return await(embeddedBoard.createIssue(company, title, Map.of("status", "todo", "assigneeAgentId", agent)))
        .path("id").asText();
  }

  String status(String issue) {
    return await(embeddedBoard.readIssue(issue)).path("status").asText();
  }

  List<JsonNode> runs(String agent) {
    return StreamSupport.stream(await(embeddedBoard.runs(company, agent)).spliterator(), false).toList();
  }

  /** Whether the agent has had a run, and the server has ended all it had. */
  boolean isOver(String agent) {
    return !runs(agent).isEmpty() && runs(agent).stream().allMatch(run -> run.path("finishedAt").isTextual());
  }

  /** The only run of the agent, once there is one. */
  String run(String agent) {
    until("there is a run", () -> !runs(agent).isEmpty());
    return runs(agent).get(0).path("id").asText();
  }

  /** A new agent that Paperclip wakes by {@code heartbeat wake} on this host's machine. */
  String agentOfTheScript(String name, String at, Worker worker) {
    return agent(name, worker, "process", access -> Map.of(
        "command", "sh", "args", List.of(SCRIPT.toString()), "env", Map.of("HEARTBEAT_SOCKET", socket(at).toString())));
  }

  Future<Reply> ask(String node, HttpMethod method, String path, String agent, Map<String, String> headers) {
    RequestOptions options = new RequestOptions().setMethod(method).setHost("127.0.0.1").setPort(url(node).getPort())
        .setSsl(!certificates.isEmpty()).setURI(path);
    return client.request(options).compose(request -> {
      request.putHeader("authorization", "Bearer " + access(agent));
      headers.forEach(request::putHeader);
      return request.send("")
          .compose(answer -> answer.body().map(text -> new Reply(answer.statusCode(), text.toString())));
    });
  }

  Reply get(String node, String path, String agent) {
    return await(ask(node, HttpMethod.GET, path, agent, Map.of()));
  }

  /** What the gateway's adapter sends first. */
  Future<Reply> wake(String node, String run, String agent) {
    return ask(node, HttpMethod.POST, "/v1/runs", agent, Map.of("idempotency-key", run));
  }

  static void until(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("waited " + LIMIT_SECONDS + " s until " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
    } catch (CompletionException failure) {
      throw failure.getCause() instanceof RuntimeException cause ? cause : failure;
    }
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException none) {
      throw new UncheckedIOException(none);
    }
  }

  @Override
  public void close() {
    List.copyOf(hosts.keySet()).forEach(node -> {
      Objects.requireNonNull(hosts.get(node)).stopNow();
      drain(node, Duration.ofMillis(1));
    });
    await(server.close());
    await(vertx.close());
  }
}
