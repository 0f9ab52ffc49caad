import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.inject.Guice;
import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.client.ClientOptions;
import io.heartbeat4j.client.PaperclipClient;
import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.heartbeat.Heartbeat;
import io.heartbeat4j.heartbeat.HeartbeatModule;
import io.heartbeat4j.heartbeat.memory.AgentMemory;
import io.heartbeat4j.storage.FileStorage;
import io.heartbeat4j.heartbeat.wake.WakeFacts;
import io.heartbeat4j.heartbeat.wake.WakeRequest;
import io.heartbeat4j.heartbeat.work.AgentSetup;
import io.heartbeat4j.heartbeat.work.CancellationSource;
import io.heartbeat4j.heartbeat.work.WorkLimits;
import io.heartbeat4j.host.AgentHost;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.CompanyId;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.worker.WorkResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Heartbeats per second on a real Paperclip server, by those of a plain load generator that replays the same calls:
 * {@code java -cp ... RealServer.java SERVER_URL [ROUNDS]}. The calls are recorded from an agent's second heartbeat. In
 * each round every agent gets an issue and with it a live run; heartbeats and replays take rounds in turn, the first
 * few of which only warm up. Prints "name number" lines.
 */
public final class RealServerBenchmark {

  private static final int AGENTS = 8;
  private static final int WARM_UP = 20;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> NOT_SENT = Set.of("host", "content-length", "connection");

  private record Agent(String id, String key) {}

  private record Live(Agent agent, String issue, String run) {}

  private record Recorded(String method, String path, Map<String, String> headers, String body) {}

  private final Vertx vertx = Vertx.vertx(AgentHost.vertxOptions());
  private final HttpClient plain = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ServerUrl url;
  private final Path state;
  private final Map<String, BlockingQueue<String>> wakes = new ConcurrentHashMap<>();
  private final Map<String, HttpServerResponse> followed = new ConcurrentHashMap<>();
  private final Set<String> over = ConcurrentHashMap.newKeySet();
  private final List<Recorded> recorded = new CopyOnWriteArrayList<>();
  private final List<Agent> agents = new ArrayList<>();
  private final Heartbeat heartbeat = Guice.createInjector(
      new HeartbeatModule(vertx, Clock.systemUTC(), Redactor.of(List.of()))).getInstance(Heartbeat.class);
  private String company = "";
  private int issues; // an equal title would be taken for the same issue

  private RealServerBenchmark(String url) throws Exception {
    this.url = ServerUrl.of(url);
    this.state = Files.createTempDirectory("real-server");
  }

  public static void main(String[] args) throws Exception {
    int code = 1;
    try {
      new RealServerBenchmark(args[0]).run(args.length > 1 ? Integer.parseInt(args[1]) : 10);
      code = 0;
    } catch (Exception failure) {
      failure.printStackTrace();
    } finally {
      System.exit(code);
    }
  }

  private void run(int rounds) throws Exception {
    prepare();
    PaperclipClient server = PaperclipClient.connect(vertx, url, ClientOptions.defaults());
    Live before = live(agents.get(0)); // from the second on a heartbeat need not ask who beats
    join(beat(server, before));
    end(List.of(before));
    Live first = live(agents.get(0));
    join(beat(PaperclipClient.connect(vertx, ServerUrl.of("http://127.0.0.1:" + recorder()), ClientOptions.defaults()), first));
    end(List.of(first));
    List<Double> ours = new ArrayList<>();
    List<Double> theirs = new ArrayList<>();
    for (int round = -2 * WARM_UP; round < 2 * rounds; round++) {
      boolean mine = round % 2 == 0;
      List<Live> all = new ArrayList<>();
      for (Agent agent : agents) {
        all.add(live(agent));
      }
      long began = System.nanoTime();
      inParallel(all.stream().<Callable<Object>>map(each -> () -> mine ? join(beat(server, each)) : replay(first, each)).toList());
      double perSecond = AGENTS / ((System.nanoTime() - began) / 1e9);
      if (round >= 0) {
        (mine ? ours : theirs).add(perSecond);
      }
      end(all);
    }
    System.out.printf("real-server-heartbeats-per-second %.1f%n", median(ours));
    System.out.printf("real-server-replays-per-second %.1f%n", median(theirs));
    System.out.printf("real-server-requests %d%n", recorded.size());
    System.out.printf("real-server-ratio %.2f%n", median(ours) / median(theirs));
  }

  private Future<?> beat(PaperclipClient server, Live live) {
    AgentId agent = AgentId.of(live.agent().id());
    CompanyId where = CompanyId.of(company);
    WakeRequest request = new WakeRequest(
        url, AgentToken.of(live.agent().key()), agent, where, RunId.of(live.run()), WakeFacts.NONE, List.of());
    AgentSetup setup = new AgentSetup(
        () -> context -> new WorkResult.Done("Done."), WorkLimits.DEFAULT,
        AgentMemory.of(new FileStorage(state, Runnable::run, Clock.systemUTC()), state, url, where, agent, System.err::println), state);
    return Future.future(end -> vertx.runOnContext(go ->
        heartbeat.run(server, request, setup, new CancellationSource()).<Object>map(outcome -> outcome).onComplete(end)));
  }

  /** The recorded calls, one after the other, for another run, issue and agent. */
  private Object replay(Live first, Live live) throws Exception {
    for (Recorded each : recorded) {
      HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + as(live, first, each.path())))
          .method(each.method(), HttpRequest.BodyPublishers.ofString(as(live, first, each.body())));
      each.headers().forEach((name, value) -> request.header(name, as(live, first, value)));
      HttpResponse<byte[]> answer = plain.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()); // compressed, too
      if (answer.statusCode() >= 300) {
        throw new IllegalStateException(each.method() + " " + each.path() + ": " + answer.statusCode());
      }
    }
    return live;
  }

  private static String as(Live live, Live first, String text) {
    return text.replace(first.run(), live.run()).replace(first.issue(), live.issue())
        .replace(first.agent().id(), live.agent().id()).replace(first.agent().key(), live.agent().key());
  }

  private void prepare() throws Exception {
    int gateway = listen(this::gateway);
    company = board("POST", "/api/companies", Map.of("name", "Bench")).path("id").asText();
    for (int i = 0; i < AGENTS; i++) {
      JsonNode agent = board("POST", "/api/companies/" + company + "/agents", Map.of(
          "name", "agent-" + i, "role", "engineer", "adapterType", "hermes_gateway", "adapterConfig", Map.of(
              "apiBaseUrl", "http://127.0.0.1:" + gateway, "apiKey", "the benchmark's own gateway", "pollIntervalMs", 10_000)));
      String id = agent.path("id").asText();
      agents.add(new Agent(id, board("POST", "/api/agents/" + id + "/keys", Map.of("name", "bench")).path("token").asText()));
      wakes.put(id, new LinkedBlockingQueue<>());
    }
  }

  /** A new issue of the agent, and the live run that the server starts for it. */
  private Live live(Agent agent) throws Exception {
    String issue = board("POST", "/api/companies/" + company + "/issues", Map.of(
        "title", "Say hello, number " + ++issues, "status", "todo", "assigneeAgentId", agent.id())).path("id").asText();
    String run = wakes.get(agent.id()).poll(60, TimeUnit.SECONDS);
    if (run == null) {
      throw new IllegalStateException("the server did not wake " + agent.id());
    }
    return new Live(agent, issue, run);
  }

  private void end(List<Live> all) throws Exception {
    for (Live each : all) {
      over.add(each.run());
      HttpServerResponse events = followed.remove(each.run());
      if (events != null) {
        events.end("data: {\"status\":\"completed\"}\n\n");
      }
    }
    for (Live each : all) {
      while (!board("GET", "/api/heartbeat-runs/" + each.run(), null).path("finishedAt").isTextual()) {
        Thread.sleep(50);
      }
      String status = board("GET", "/api/issues/" + each.issue(), null).path("status").asText();
      if (!status.equals("done")) {
        throw new IllegalStateException("the issue of run " + each.run() + " is " + status);
      }
    }
  }

  /** What the server's hermes_gateway adapter calls. */
  private void gateway(HttpServerRequest request) {
    String run = request.getHeader("Idempotency-Key");
    if (request.method().name().equals("POST")) {
      String agent = request.getHeader("X-Hermes-Session-Key").replaceFirst(".*:agent:([^:]+).*", "$1");
      wakes.get(agent).add(run);
    } else if (request.path().endsWith("/events")) {
      HttpServerResponse events = request.response().setChunked(true).putHeader("content-type", "text/event-stream");
      events.write(": here\n\n");
      followed.put(request.path().split("/")[3], events);
      return;
    }
    String id = run != null && request.method().name().equals("POST") ? run : request.path().split("/")[3];
    request.response().putHeader("content-type", "application/json")
        .end("{\"run_id\":\"" + id + "\",\"status\":\"" + (over.contains(id) ? "completed" : "running") + "\"}");
  }

  /** Forwards to the server and notes what was asked. */
  private int recorder() {
    return listen(request -> request.body().onSuccess(body -> threads.submit(() -> {
      Map<String, String> headers = new java.util.LinkedHashMap<>();
      request.headers().forEach((name, value) -> {
        if (!NOT_SENT.contains(name.toLowerCase(java.util.Locale.ROOT))) {
          headers.put(name, value);
        }
      });
      recorded.add(new Recorded(request.method().name(), request.uri(), headers, body.toString()));
      HttpRequest.Builder forward = HttpRequest.newBuilder(URI.create(url + request.uri()))
          .method(request.method().name(), HttpRequest.BodyPublishers.ofString(body.toString()));
      headers.forEach((name, value) -> {
        if (!name.equalsIgnoreCase("accept-encoding")) { // this client does not unpack
          forward.header(name, value);
        }
      });
      HttpResponse<String> answer = plain.send(forward.build(), HttpResponse.BodyHandlers.ofString());
      return request.response().setStatusCode(answer.statusCode())
          .putHeader("content-type", "application/json").end(Buffer.buffer(answer.body()));
    })));
  }

  private int listen(io.vertx.core.Handler<HttpServerRequest> handler) {
    return ((io.vertx.core.http.HttpServer) join(
        vertx.createHttpServer().requestHandler(handler).listen(0, "127.0.0.1"))).actualPort();
  }

  private JsonNode board(String method, String path, Object body) throws Exception {
    HttpRequest.BodyPublisher content = body == null
        ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body));
    HttpResponse<String> answer = plain.send(HttpRequest.newBuilder(URI.create(url + path))
        .header("content-type", "application/json").method(method, content).build(), HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() >= 300) {
      throw new IllegalStateException(method + " " + path + ": " + answer.statusCode() + " " + answer.body());
    }
    return JSON.readTree(answer.body());
  }

  private <T> List<T> inParallel(List<Callable<T>> tasks) throws Exception {
    List<T> results = new ArrayList<>();
    for (java.util.concurrent.Future<T> each : threads.invokeAll(tasks)) {
      results.add(each.get());
    }
    return results;
  }

  private static Object join(Future<?> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElse(0.0);
  }
}
