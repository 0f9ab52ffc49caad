package io.heartbeat4j.worker.llm;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.testkit.TestCompany;
import io.heartbeat4j.testkit.TestIssue;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.Worker;
import io.heartbeat4j.worker.WorkerFactory;
import io.heartbeat4j.worker.llm.loop.LlmSettings;
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

/**
 * An agent whose model is scripted: the whole runtime, an embedded Paperclip, and the worker as an operator sets it up.
 */
final class LlmFixture implements AutoCloseable {

  static final String KEY = "test-key-of-the-provider";

  private final MockModelServer mock;
  private final WireFormat wireFormat;
  private final TestCompany company;
  private volatile Path state = Path.of("none");
  private volatile String clockTriggerFile = "";

  private LlmFixture(MockModelServer mock, WireFormat wireFormat, String baseUrl, Map<String, Object> settings) {
    this.mock = mock;
    this.wireFormat = wireFormat;
    Map<String, Object> all = new HashMap<>(settings);
    Map<String, Object> model = new HashMap<>(model(wireFormat, baseUrl));
    if (settings.get("model") instanceof Map<?, ?> more) {
      more.forEach((key, value) -> model.put(String.valueOf(key), value));
    }
    all.put("model", model);
    this.company = TestCompany.start();
    all.putIfAbsent("workspace", workspace().toString());
    company.useWorker(new StateRecordingFactory(), all);
  }

  /** The settings of a model that a server on loopback plays. */
  static Map<String, Object> model(WireFormat wireFormat, String baseUrl) {
    return Map.of("provider", wireFormat.provider(), "name", wireFormat.model(), "base-url", baseUrl, "api-key", KEY,
        "first-pause", "10ms", "timeout", "10s");
  }

  static LlmFixture open(WireFormat wireFormat, ScriptedTurn... turns) throws IOException, InterruptedException {
    return open(wireFormat, Map.of(), turns);
  }

  static LlmFixture open(WireFormat wireFormat, Map<String, Object> settings, ScriptedTurn... turns)
      throws IOException, InterruptedException {
    MockModelServer mock = MockModelServer.running();
    mock.script(wireFormat, List.of(turns));
    return new LlmFixture(mock, wireFormat, mock.url() + wireFormat.path(), settings);
  }

  /** With a provider of the test's own. */
  static LlmFixture at(String baseUrl, WireFormat wireFormat, Map<String, Object> settings)
      throws IOException, InterruptedException {
    return new LlmFixture(MockModelServer.running(), wireFormat, baseUrl, settings);
  }

  TestCompany company() {
    return company;
  }

  void script(ScriptedTurn... turns) throws IOException, InterruptedException {
    mock.script(wireFormat, List.of(turns));
  }

  TestIssue work(String title, String description) {
    return company.issue(title, description).isWorked();
  }

  /** The bodies of the requests, in one form for all providers. */
  List<JsonNode> requests() throws IOException, InterruptedException {
    return mock.requests().stream().map(request -> request.path("body")).toList();
  }

  LlmFixture writeFile(String file, String content) throws IOException {
    company.workspace().write(file, content);
    return this;
  }

  String readFile(String name) throws IOException {
    return company.workspace().read(name);
  }

  boolean hasFile(String name) {
    return company.workspace().has(name);
  }

  Path workspace() {
    return company.workspace().directory();
  }

  /** For the worker it is two hours later as soon as there is a file of that name. */
  LlmFixture advanceClockOnFile(String name) {
    clockTriggerFile = name;
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
    company.close();
  }

  private final class FixtureClock extends Clock {

    @Override
    public Instant instant() {
      Instant now = Instant.now();
      return clockTriggerFile.isEmpty() || !hasFile(clockTriggerFile) ? now : now.plus(Duration.ofHours(2));
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
  private final class StateRecordingFactory implements WorkerFactory<LlmSettings> {

    private final LlmWorkerFactory factory = new LlmWorkerFactory(host(), new FixtureClock(), new Random(7));

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
    public Class<LlmSettings> settingsType() {
      return factory.settingsType();
    }

    @Override
    public Worker create(LlmSettings settings) {
      Worker worker = factory.create(settings);
      return new Worker() {
        @Override
        public WorkResult perform(WorkContext context) throws Exception {
          state = context.workspace().stateDirectory();
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
