package io.heartbeat4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.embedded.EmbeddedPaperclip;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The model's plugin as it is shipped: its size, when it is loaded, and a provider from a jar of somebody else's. */
class ModelPluginIT {

  private static final long MOST_BYTES = 25_000_000;

  private static final String PROVIDER = """
      package acme;

      import dev.langchain4j.agent.tool.ToolExecutionRequest;
      import dev.langchain4j.data.message.AiMessage;
      import dev.langchain4j.http.client.HttpClientBuilder;
      import dev.langchain4j.model.chat.StreamingChatModel;
      import dev.langchain4j.model.chat.request.ChatRequest;
      import dev.langchain4j.model.chat.response.*;
      import dev.langchain4j.model.output.FinishReason;
      import io.heartbeat4j.worker.llm.provider.*;

      public final class Canned implements ModelProviderFactory, ModelProvider, StreamingChatModel {
        @Override public String name() { return "canned"; }
        @Override public ModelProvider create(ModelSettings settings, HttpClientBuilder http) { return this; }
        @Override public StreamingChatModel model() { return this; }
        @Override public TokenCounts tokens(ChatResponse response) { return new TokenCounts(1000, 0, 0, 10); }
        @Override public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
          handler.onCompleteResponse(ChatResponse.builder()
              .aiMessage(AiMessage.from(ToolExecutionRequest.builder().id("1").name("finish")
                  .arguments("{\\"outcome\\": \\"done\\", \\"summary\\": \\"Canned.\\"}").build()))
              .finishReason(FinishReason.TOOL_EXECUTION).build());
        }
      }
      """;

  private final Vertx vertx = Vertx.vertx();

  @TempDir
  Path directory;

  private EmbeddedPaperclip server;
  private String company;

  @BeforeEach
  void open() {
    server = await(EmbeddedPaperclip.start(vertx));
    company = await(server.board().createCompany("Modelling")).path("id").asText();
  }

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @Test
  void the_plugin_and_all_its_jars_are_small() throws IOException {
    try (Stream<Path> files = Files.list(DistributionProcess.HOME.resolve("plugins/llm"))) {
      assertThat(files.mapToLong(file -> file.toFile().length()).sum()).isLessThan(MOST_BYTES);
    }
  }

  @Test
  void an_idle_heartbeat_never_loads_it() throws Exception {
    Path classes = directory.resolve("classes");
    String agent = await(server.board().createAgent(company, "Wren", Map.of())).path("id").asText();

    FinishedRun finishedRun = next(DistributionProcess.HOME, agent,
        Map.of("HEARTBEAT_WORKER_MODEL", "{\"provider\": \"openai\", \"name\": \"m\", \"api-key\": \"k\"}",
            "JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + classes),
        () -> await(server.board().invokeHeartbeat(agent)));

    assertThat(finishedRun.end().code()).as(finishedRun.end().err()).isZero();
    assertThat(finishedRun.end().err() + finishedRun.end().out()).contains("nothing");
    List<String> loaded = Files.readAllLines(classes);
    assertThat(loaded).anySatisfy(line -> assertThat(line).contains(" io.heartbeat4j.heartbeat.Heartbeat "));
    assertThat(loaded)
        .noneMatch(line -> line.contains(" io.heartbeat4j.worker.llm.") || line.contains(" dev.langchain4j."));
  }

  @Test
  void a_provider_is_a_jar_that_is_dropped_into_the_plugins_folder() throws Exception {
    Path home = copy();
    jar(home.resolve("plugins/llm"), home.resolve("plugins/llm/acme-provider.jar"));
    String agent = await(server.board().createAgent(company, "Wren", Map.of())).path("id").asText();

    FinishedRun finishedRun = next(home, agent, Map.of(
        "HEARTBEAT_WORKER_MODEL", "{\"provider\": \"canned\", \"name\": \"can-1\"}",
        "HEARTBEAT_WORKER_TRUST_ANSWERS", "true", "HEARTBEAT_WORKER_PRICES", "{\"can-1\": \"100, 1, 1\"}"),
        () -> await(
            server.board().createIssue(company, "Open it", Map.of("status", "todo", "assigneeAgentId", agent))));

    assertThat(finishedRun.issue().path("status").asText()).as(finishedRun.end().err() + finishedRun.end().out())
        .isEqualTo("done");
    assertThat(await(server.board().comments(finishedRun.issue().path("id").asText())).toString()).contains("Canned.");
    assertThat(finishedRun.end().err() + finishedRun.end().out()).contains("cost: 10 cents, 1010 tokens, can-1");
  }

  private record FinishedRun(DistributionProcess.ProcessResult end, JsonNode issue) {}

  /** The next heartbeat of the agent, by a distribution with the model worker. */
  private FinishedRun next(Path home, String agent, Map<String, String> settings, Runnable cause)
      throws InterruptedException {
    BlockingQueue<FinishedRun> ends = new LinkedBlockingQueue<>();
    server.setWakeHandler(agent, wake -> vertx.executeBlocking(() -> {
      Map<String, String> environment = new HashMap<>(wake.environment());
      environment.putAll(Map.of("PATH", System.getenv("PATH"), "HOME", directory.toString(), "HEARTBEAT_AOT", "off",
          "HEARTBEAT_WORKER", "llm", "HEARTBEAT_STATE_DIR", directory.resolve("state").toString()));
      environment.putAll(settings);
      DistributionProcess.ProcessResult end = DistributionProcess.run(home.resolve("bin/heartbeat"), environment,
          "run");
      String issue = wake.context().path("issueId").asText();
      ends.add(new FinishedRun(end, issue.isEmpty() ? wake.context() : await(server.board().readIssue(issue))));
      return end.code();
    }, false));
    cause.run();
    FinishedRun finishedRun = ends.poll(120, TimeUnit.SECONDS);
    assertThat(finishedRun).isNotNull();
    return finishedRun;
  }

  private Path copy() throws IOException {
    Path home = directory.resolve("home");
    try (Stream<Path> files = Files.walk(DistributionProcess.HOME)) {
      for (Path file : files.toList()) {
        Files.copy(file, home.resolve(DistributionProcess.HOME.relativize(file).toString()));
      }
    }
    return home;
  }

  /** What somebody else would compile against the plugin's own jars. */
  private void jar(Path plugin, Path jar) throws IOException {
    Path source = Files.createDirectories(directory.resolve("acme")).resolve("Canned.java");
    Files.writeString(source, PROVIDER);
    StringBuilder path = new StringBuilder();
    for (Path folder : List.of(plugin, DistributionProcess.HOME.resolve("lib"))) {
      try (Stream<Path> jars = Files.list(folder)) {
        jars.forEach(each -> path.append(each).append(':'));
      }
    }
    int code = ToolProvider.getSystemJavaCompiler()
        .run(null, null, null, "-proc:none", "-d", directory.toString(), "-cp", path.toString(), source.toString());
    assertThat(code).isZero();
    try (OutputStream file = Files.newOutputStream(jar); JarOutputStream entries = new JarOutputStream(file)) {
      entries.putNextEntry(new JarEntry("acme/Canned.class"));
      entries.write(Files.readAllBytes(directory.resolve("acme/Canned.class")));
      entries.putNextEntry(new JarEntry("META-INF/services/io.heartbeat4j.worker.llm.provider.ModelProviderFactory"));
      entries.write("acme.Canned\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
