package io.heartbeat4j.worker.acp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.plugin.SettingsReader;
import io.heartbeat4j.testkit.TestCompany;
import io.heartbeat4j.worker.CheckResult;
import io.heartbeat4j.worker.Worker;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A company with the worker and a {@link ScriptedAgent}. */
final class AcpFixture implements AutoCloseable {

  final Path workspace;
  private final Path directory;
  private final Map<String, Object> settings;
  private final TestCompany company;

  /** @param script the options in the first line, then the steps of the turns */
  AcpFixture(Path directory, Map<String, Object> settings, String script) throws IOException {
    this.directory = directory;
    this.workspace = Files.createDirectories(directory.resolve("workspace"));
    Files.writeString(directory.resolve("script"), script);
    Map<String, Object> all = new HashMap<>(Map.of("command", command(directory), "workspace", workspace.toString(),
        "grace", "300ms"));
    all.putAll(settings);
    this.settings = all;
    this.company = TestCompany.start().useWorker(new AcpWorkerFactory(), all);
  }

  AcpFixture(Path directory, String script) throws IOException {
    this(directory, Map.of(), script);
  }

  private static List<String> command(Path directory) {
    return List.of(ProcessHandle.current().info().command().orElseThrow(), "-XX:TieredStopAtLevel=1", "-Xmx200m", "-cp",
        System.getProperty("java.class.path"), ScriptedAgent.class.getName(), directory.toString());
  }

  TestCompany company() {
    return company;
  }

  /** What {@code heartbeat workers acp --check} finds. */
  List<CheckResult> check() throws Exception {
    try (Worker worker = new SettingsReader(settings, System.getenv(), "settings", secret -> {})
        .createWorker(new AcpWorkerFactory())) {
      return worker.check();
    }
  }

  /** What the program was sent. */
  String log() throws IOException {
    return Files.readString(directory.resolve("log"));
  }

  /** Waits until the program has been sent these words. */
  void awaitLog(String words) throws Exception {
    while (!Files.exists(directory.resolve("log")) || !log().contains(words)) {
      Thread.sleep(20);
    }
  }

  /** Cancels the agent's only run, as the board does. */
  void cancelRun() throws Exception {
    String run = get(company.board().read("/api/companies/" + company.id() + "/heartbeat-runs")).path(0).path("id")
        .asText();
    get(company.board().cancelRun(run));
  }

  private static JsonNode get(Future<JsonNode> asked) throws Exception {
    return asked.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  void nothingIsLeft() throws IOException {
    assertThat(Files.readAllLines(directory.resolve("pids"))).isNotEmpty()
        .allSatisfy(pid -> assertThat(ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive)).isEmpty());
  }

  /** The same, where the heartbeat does not wait for the work. */
  void awaitNothingLeft() throws Exception {
    for (String pid : Files.readAllLines(directory.resolve("pids"))) {
      Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(pid));
      if (process.isPresent()) {
        process.get().onExit().get(30, TimeUnit.SECONDS);
      }
    }
  }

  @Override
  public void close() throws Exception {
    company.close();
  }
}
