package io.heartbeat4j.host;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.embedded.EmbeddedBoard;
import io.heartbeat4j.embedded.EmbeddedOptions;
import io.heartbeat4j.embedded.EmbeddedPaperclip;
import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.heartbeat4j.heartbeat.work.WorkLimits;
import io.heartbeat4j.heartbeat.work.WorkerSource;
import io.heartbeat4j.host.config.AgentConfiguration;
import io.heartbeat4j.host.config.HostConfiguration;
import io.heartbeat4j.host.config.HostLimits;
import io.heartbeat4j.host.config.HttpServerConfiguration;
import io.heartbeat4j.host.config.ProfileCatalog;
import io.heartbeat4j.host.config.TracingConfiguration;
import io.heartbeat4j.host.run.HostedRun;
import io.heartbeat4j.host.run.RunListener;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.worker.Secret;
import io.heartbeat4j.worker.Worker;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** A company on an embedded server whose agents live in a host, behind its gateway unless said otherwise. */
final class HostFixture implements AutoCloseable {

  /** An answer of the host. */
  record HttpReply(int status, Map<String, String> headers, JsonObject body) {}

  static final long LIMIT_SECONDS = 60;

  final Vertx vertx = Vertx.vertx();
  final EmbeddedPaperclip server;
  final EmbeddedBoard embeddedBoard;
  final String company;
  private volatile @Nullable HostedRun lastRun;
  final int port = freePort();
  final Queue<HeartbeatEvent> events = new ConcurrentLinkedQueue<>();
  HostLimits limits = new HostLimits(8, 100, Map.of(), Map.of(), 100, 1 << 20, Duration.ofSeconds(5));
  Optional<Secret> viewKey = Optional.empty();
  Optional<Secret> adapterKey = Optional.empty();
  ProfileCatalog profiles = ProfileCatalog.NONE;
  Optional<Path> socket = Optional.empty();
  Optional<HttpServerConfiguration.TlsFiles> tls = Optional.empty();
  Optional<TracingConfiguration> tracing = Optional.empty();
  final Redactor redactor = Redactor.of(List.of());
  private final Map<String, AgentConfiguration> agents = new LinkedHashMap<>();
  private final Map<String, String> ids = new LinkedHashMap<>();
  private final HttpClient client = vertx.createHttpClient();
  final Path state;
  private @Nullable AgentHost agentHost;
  private boolean serverStopped;

  HostFixture() {
    this(EmbeddedOptions.defaults());
  }

  HostFixture(EmbeddedOptions options) {
    server = await(EmbeddedPaperclip.start(vertx, options));
    embeddedBoard = server.board();
    company = await(embeddedBoard.createCompany("Scene")).path("id").asText();
    try {
      state = Files.createTempDirectory("host");
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  /** A new agent that Paperclip wakes through the gateway. */
  String addAgent(String name, Worker worker) {
    String access = "access-" + UUID.randomUUID();
    return addAgent(name, worker, access, "hermes_gateway", Map.of(
        "apiBaseUrl", url(), "apiKey", access, "pollIntervalMs", 100, "eventReconnectMs", 100));
  }

  /** A new agent that Paperclip wakes in another way. */
  String addAgent(String name, Worker worker, String access, String adapter, Map<String, Object> settings) {
    String id = await(
        embeddedBoard.createAgent(company, name, Map.of("adapterType", adapter, "adapterConfig", settings)))
        .path("id").asText();
    AgentToken key = AgentToken.of(await(embeddedBoard.createKey(id)));
    agents.put(name, new AgentConfiguration(
        name, Optional.empty(), ServerUrl.of(server.url()), Optional.of(key), Optional.of(Secret.of(access)), "test",
        () -> worker,
        worker.providerAccount(),
        new WorkLimits(Duration.ofSeconds(60), Duration.ZERO, Duration.ofMillis(200)), Optional.empty(), 4, 50,
        Optional.empty()));
    ids.put(name, id);
    return id;
  }

  /** Changes what is configured of an agent, for the next start or reload. */
  void configure(String name, java.util.function.UnaryOperator<AgentConfiguration> change) {
    agents.compute(name, (same, agent) -> change.apply(Objects.requireNonNull(agent)));
  }

  /** Gives the agent a key in place of all that it had, for the next start or reload. */
  void changeKey(String name) {
    String id = Objects.requireNonNull(ids.get(name));
    await(embeddedBoard.revokeKeys(id));
    AgentToken key = AgentToken.of(await(embeddedBoard.createKey(id)));
    configure(name, agent -> copyOf(agent, Optional.of(key), agent.worker(), agent.pollInterval()));
  }

  /** The agent with these in place of its own. */
  static AgentConfiguration copyOf(AgentConfiguration agent, Optional<AgentToken> key, WorkerSource worker,
      Optional<Duration> timer) {
    return new AgentConfiguration(
        agent.name(), agent.id(), agent.server(), key, agent.accessKey(), agent.workerName(), worker, agent.provider(),
        agent.limits(), agent.workspace(), agent.slots(), agent.queue(), timer);
  }

  AgentConfiguration configuration(String name) {
    return Objects.requireNonNull(agents.get(name));
  }

  HostConfiguration configuration() {
    return new HostConfiguration(
        Path.of("host.yaml"), Path.of("agents"),
        new HttpServerConfiguration("127.0.0.1", port, tls, viewKey, socket, adapterKey),
        limits,
        state, new ArrayList<>(agents.values()), Optional.empty(), tracing, profiles);
  }

  void start() {
    agentHost = await(AgentHost.start(vertx, configuration(), services()));
  }

  HostDependencies services() {
    return new HostDependencies(Clock.systemUTC(), new java.util.Random(), redactor, Map.of(),
        List.of(new EventRecorder()),
        List.of(), failure -> 70);
  }

  private final class EventRecorder implements RunListener {
    @Override
    public void stepped(HostedRun run, HeartbeatEvent event) {
      events.add(event);
      lastRun = run;
    }
  }

  /** The run of the newest event. */
  HostedRun lastRun() {
    return Objects.requireNonNull(lastRun);
  }

  AgentHost host() {
    return Objects.requireNonNull(agentHost);
  }

  /** Paperclip goes away. */
  void stopServer() {
    serverStopped = true;
    await(server.close());
  }

  /** Ends the host as a SIGTERM does. */
  void drain() {
    await(host().drain());
    agentHost = null;
  }

  void drain(Duration patience) {
    await(host().drain(patience));
    agentHost = null;
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  String accessKey(String agent) {
    return configuration(agent).accessKey().orElseThrow().reveal();
  }

  String createAssignedIssue(String title, String agent) {
    return await(embeddedBoard.createIssue(company, title, Map.of("status", "todo", "assigneeAgentId", agent)))
        .path("id").asText();
  }

  String status(String issue) {
    return await(embeddedBoard.readIssue(issue)).path("status").asText();
  }

  List<String> agentComments(String issue) {
    return list(await(embeddedBoard.comments(issue))).stream()
        .filter(comment -> comment.path("authorType").asText().equals("agent"))
        .map(comment -> comment.path("body").asText())
        .toList();
  }

  /** The agent's runs on the server, newest first. */
  List<JsonNode> runs(String agent) {
    return list(await(embeddedBoard.runs(company, agent)));
  }

  JsonNode run(String id) {
    return await(embeddedBoard.readRun(id));
  }

  HttpReply request(HttpMethod method, String path, String bearer, Map<String, String> headers, String body) {
    return await(client.request(method, port, "127.0.0.1", path).compose(request -> {
      request.putHeader("authorization", "Bearer " + bearer);
      headers.forEach(request::putHeader);
      // on the request's own loop, so that the body is asked for before it can come
      return request.send(body).compose(answer -> answer.body().map(text -> {
        Map<String, String> all = new LinkedHashMap<>();
        answer.headers().forEach((name, value) -> all.put(name.toLowerCase(java.util.Locale.ROOT), value));
        return new HttpReply(answer.statusCode(), all, json(text));
      }));
    }));
  }

  HttpReply get(String path, String bearer) {
    return request(HttpMethod.GET, path, bearer, Map.of(), "");
  }

  /** What a stream has brought once this is in it. */
  String readStreamUntil(String path, String bearer, String last) {
    List<String> chunks = new CopyOnWriteArrayList<>();
    await(client.request(HttpMethod.GET, port, "127.0.0.1", path)
        .compose(request -> request.putHeader("authorization", "Bearer " + bearer).send()
            .onSuccess(answer -> answer.handler(chunk -> chunks.add(chunk.toString())))));
    waitUntil("the stream says " + last, () -> String.join("", chunks).contains(last));
    return String.join("", chunks);
  }

  /** What the gateway's adapter sends first. */
  HttpReply wake(String run, String bearer) {
    return request(HttpMethod.POST, "/v1/runs", bearer, Map.of("idempotency-key", run), "{\"input\":\"hello\"}");
  }

  static JsonObject json(Buffer text) {
    return text.length() > 0 && text.getByte(0) == '{' ? text.toJsonObject()
        : new JsonObject().put("text", text.toString());
  }

  /** Waits for what happens in its own time. */
  static void waitUntil(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("waited " + LIMIT_SECONDS + " s until " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }

  static List<JsonNode> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
    } catch (CompletionException failure) {
      throw failure.getCause() instanceof RuntimeException cause ? cause : failure;
    }
  }

  /** Waits until somebody has counted it down. */
  static void await(CountDownLatch latch) {
    try {
      if (!latch.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("waited " + LIMIT_SECONDS + " s");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  /** The agent's newest run, once it has ended. */
  JsonNode awaitEndedRun(String agent) {
    waitUntil("a run has ended", () -> !runs(agent).isEmpty() && runs(agent).get(0).path("finishedAt").isTextual());
    return run(runs(agent).get(0).path("id").asText());
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException none) {
      throw new UncheckedIOException(none);
    }
  }

  @Override
  public void close() {
    AgentHost running = agentHost;
    if (running != null) {
      running.stopNow();
      await(running.drain(Duration.ofMillis(1)));
    }
    if (!serverStopped) {
      stopServer();
    }
    await(vertx.close());
  }
}
