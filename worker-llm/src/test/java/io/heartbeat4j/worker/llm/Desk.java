package io.heartbeat4j.worker.llm;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.testkit.WorkedIssue;
import io.heartbeat4j.testkit.WorkerKit;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.Worker;
import io.heartbeat4j.worker.WorkerConfig;
import io.heartbeat4j.worker.WorkerFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** An agent whose model is scripted: the whole runtime, an embedded Paperclip, and the worker as an operator sets it up. */
final class Desk implements AutoCloseable {

  static final String KEY = "test-key-of-the-provider";

  private final AiMock mock;
  private final Wire wire;
  private final Path workspace;
  private final WorkerKit kit;
  private volatile Path state = Path.of("none");
  private volatile String slow = "";

  private Desk(AiMock mock, Wire wire, String baseUrl, Map<String, Object> settings) throws IOException {
    this.mock = mock;
    this.wire = wire;
    this.workspace = Files.createTempDirectory("workspace-").toRealPath();
    Map<String, Object> all = new HashMap<>(settings);
    Map<String, Object> model = new HashMap<>(Map.of("provider", wire.provider(), "name", wire.model(),
        "base-url", baseUrl, "api-key", KEY, "first-pause", "10ms", "timeout", "10s"));
    if (settings.get("model") instanceof Map<?, ?> more) {
      more.forEach((key, value) -> model.put(String.valueOf(key), value));
    }
    all.put("model", model);
    all.putIfAbsent("workspace", workspace.toString());
    this.kit = WorkerKit.start(new Watched(), all);
  }

  static Desk open(Wire wire, Turn... turns) throws IOException, InterruptedException {
    return open(wire, Map.of(), turns);
  }

  static Desk open(Wire wire, Map<String, Object> settings, Turn... turns) throws IOException, InterruptedException {
    AiMock mock = AiMock.running();
    mock.script(wire, List.of(turns));
    return new Desk(mock, wire, mock.url() + wire.path(), settings);
  }

  /** With a provider of the test's own. */
  static Desk at(String baseUrl, Wire wire, Map<String, Object> settings) throws IOException, InterruptedException {
    return new Desk(AiMock.running(), wire, baseUrl, settings);
  }

  WorkerKit kit() {
    return kit;
  }

  void script(Turn... turns) throws IOException, InterruptedException {
    mock.script(wire, List.of(turns));
  }

  WorkedIssue work(String title, String description) {
    return kit.work(title, description);
  }

  /** The bodies of the requests, in one form for all providers. */
  List<JsonNode> requests() throws IOException, InterruptedException {
    return mock.requests().stream().map(request -> request.path("body")).toList();
  }

  Desk has(String file, String content) throws IOException {
    Path path = workspace.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
    return this;
  }

  String file(String name) throws IOException {
    return Files.readString(workspace.resolve(name));
  }

  boolean hasFile(String name) {
    return Files.exists(workspace.resolve(name));
  }

  Path workspace() {
    return workspace;
  }

  /** For the worker it is two hours later as soon as there is a file of that name. */
  Desk hoursPassWriting(String name) {
    slow = name;
    return this;
  }

  String transcript() throws IOException {
    return Files.readString(state.resolve("transcript.jsonl"));
  }

  Path state() {
    return state;
  }

  @Override
  public void close() throws Exception {
    kit.close();
    try (var files = Files.walk(workspace)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private final class DeskClock extends Clock {

    @Override
    public Instant instant() {
      Instant now = Instant.now();
      return slow.isEmpty() || !hasFile(slow) ? now : now.plus(Duration.ofHours(2));
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException("instants are all that the worker asks for");
    }
  }

  /** The worker, with a look at where it keeps its memory. */
  private final class Watched implements WorkerFactory {

    private final WorkerFactory factory = new LlmWorkerFactory(host(), new DeskClock(), new Random(7));

    private static Map<String, String> host() {
      Map<String, String> host = new HashMap<>(System.getenv());
      host.putAll(Map.of("PAPERCLIP_API_KEY", "paperclips-own-key", "OTHER", "x" + KEY + "y"));
      return host;
    }

    @Override
    public String name() {
      return factory.name();
    }

    @Override
    public Worker create(WorkerConfig config) {
      Worker worker = factory.create(config);
      return new Worker() {
        @Override
        public WorkResult perform(WorkContext context) throws Exception {
          state = context.state();
          return worker.perform(context);
        }

        @Override
        public void close() throws Exception {
          worker.close();
        }
      };
    }
  }
}
