package io.heartbeat4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.heartbeat4j.embedded.EmbeddedPaperclip;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A worker's command looks for keys in the process that started it, as the same user. Root may read every process, so
 * as root these tests start the distribution as {@code nobody}.
 */
@EnabledOnOs(OS.LINUX)
class KeyExposureIT {

  /** Keeps what it can read of the JVM above it, in files beside itself. */
  private static final String ATTACK = """
      cd "${0%/*}"
      jvm=$$
      until [ "$(cat /proc/$jvm/comm)" = java ]; do jvm=$(awk '/^PPid/ {print $2}' /proc/$jvm/status); done
      cat /proc/$jvm/environ > environ
      cat /proc/$jvm/maps > maps
      ls /proc/$jvm/fd > fd
      (exec 3< /proc/$jvm/mem) && echo opened > mem
      cat /proc/$jvm/cmdline > cmdline
      env > variables
      touch attacked
      echo looked
      """;

  private static final long LIMIT_SECONDS = 90;

  private final Vertx vertx = Vertx.vertx();
  private final String modelKey = "model-" + UUID.randomUUID();

  @TempDir
  Path directory;

  private EmbeddedPaperclip server;
  private String company;
  private Path home;
  private Path attack;

  @BeforeEach
  void open() throws Exception {
    server = await(EmbeddedPaperclip.start(vertx));
    company = await(server.board().createCompany("Keys")).path("id").asText();
    attack = Files.writeString(directory.resolve("attack.sh"), ATTACK);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    home = directory.resolve("home");
    assertThat(new ProcessBuilder("cp", "-r", DistributionProcess.HOME.toString(), home.toString()).start().waitFor())
        .isZero();
  }

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @Test
  void a_command_of_a_one_shot_heartbeat_finds_no_key_in_it() throws Exception {
    List<String> tokens = run(Map.of("HEARTBEAT_WORKER", "shell",
        "HEARTBEAT_WORKER_COMMAND", "[\"sh\", \"" + attack + "\"]", "A_MODEL_KEY", modelKey));

    assertNothingFound(tokens);
  }

  @Test
  void a_command_of_a_model_finds_no_key_in_the_heartbeat() throws Exception {
    HttpServer model = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    AtomicInteger calls = new AtomicInteger();
    model.createContext("/", exchange -> {
      exchange.getRequestBody().readAllBytes();
      byte[] answer = (calls.getAndIncrement() == 0
          ? toolCall("run", "{\\\"command\\\": \\\"sh " + attack + "\\\"}")
          : toolCall("finish", "{\\\"outcome\\\": \\\"done\\\", \\\"summary\\\": \\\"Looked.\\\"}"))
          .getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
      exchange.close();
    });
    model.start();
    try {
      List<String> tokens = run(Map.of("HEARTBEAT_WORKER", "llm", "A_MODEL_KEY", modelKey,
          "HEARTBEAT_WORKER_MODEL", "{\"provider\": \"openai\", \"name\": \"m\", \"api-key\": \"${ENV:A_MODEL_KEY}\","
              + " \"base-url\": \"http://127.0.0.1:" + model.getAddress().getPort() + "/v1\"}",
          "HEARTBEAT_WORKER_PERMISSIONS", "[\"allow run\"]", "HEARTBEAT_WORKER_INHERIT", "[\"A_MODEL_KEY\"]"));

      assertNothingFound(tokens);
    } finally {
      model.stop(0);
    }
  }

  private static String toolCall(String name, String arguments) {
    return "data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"role\":"
        + "\"assistant\",\"tool_calls\":[{\"index\":0,\"id\":\"c" + name + "\",\"type\":\"function\",\"function\":"
        + "{\"name\":\"" + name + "\",\"arguments\":\"" + arguments + "\"}}]},\"finish_reason\":\"tool_calls\"}]}\n\n"
        + "data: [DONE]\n\n";
  }

  @Test
  void a_command_of_a_host_finds_no_key_of_any_agent_in_it() throws Exception {
    int port = freePort();
    String viewKey = "view-" + UUID.randomUUID();
    String access = "access-" + UUID.randomUUID();
    String agent = await(server.board().createAgent(company, "Wren",
        Map.of("adapterType", "hermes_gateway", "adapterConfig",
            Map.of("apiBaseUrl", "http://127.0.0.1:" + port, "apiKey", access, "pollIntervalMs", 250))))
        .path("id").asText();
    String key = await(server.board().createKey(agent));
    Path file = Files.writeString(directory.resolve("host.yaml"), """
        server: %s
        state-dir: %s
        listen: {port: %d, view-key: "${ENV:VIEW_KEY}"}
        agents:
          wren: {key: "${ENV:WREN_KEY}", access-key: "${ENV:WREN_ACCESS_KEY}",
                 worker: {name: shell, settings: {command: [sh, "%s"]}}}
        """.formatted(server.url(), directory.resolve("state"), port, attack));
    Path log = directory.resolve("log");
    ProcessBuilder builder = command("serve", "--config", file.toString());
    builder.environment().putAll(environment(Map.of("VIEW_KEY", viewKey, "WREN_KEY", key, "WREN_ACCESS_KEY", access)));
    Process host = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      until("the host listens", log, () -> Files.readString(log).contains("listening on"));
      await(server.board().createIssue(company, "Look", Map.of("status", "todo", "assigneeAgentId", agent)));
      until("the command has looked", log, () -> Files.exists(directory.resolve("attacked")));

      assertNothingFound(List.of(viewKey, access, key));
    } finally {
      host.destroy();
      host.waitFor();
    }
  }

  @Test
  void doctor_says_whether_a_command_can_find_a_key() throws Exception {
    ProcessBuilder builder = command("doctor");
    builder.environment().putAll(environment(Map.of()));
    Process doctor = builder.redirectErrorStream(true).start();

    assertThat(doctor.getInputStream()).asString(StandardCharsets.UTF_8)
        .contains("ok    keys: a worker's command can't read");
    if ("root".equals(System.getProperty("user.name"))) {
      assertThat(DistributionProcess.heartbeat(environment(Map.of()), "doctor").out())
          .contains("note  keys: a worker's command can read the keys", "CAP_SYS_PTRACE", "SECURITY.md");
    }
  }

  private void assertNothingFound(List<String> keys) throws IOException {
    assertThat(directory.resolve("attacked")).exists();
    for (String refused : List.of("environ", "maps", "fd")) {
      assertThat(directory.resolve(refused)).as(refused + " of the process").isEmptyFile();
    }
    assertThat(directory.resolve("mem")).doesNotExist();
    assertThat(directory.resolve("cmdline")).content().contains("io.heartbeat4j.cli.Main").doesNotContain(keys);
    assertThat(directory.resolve("variables")).content().contains("PATH=").doesNotContain(keys);
  }

  /** Runs one heartbeat in a process; returns the keys that it had. */
  private List<String> run(Map<String, String> settings) throws Exception {
    CompletableFuture<List<String>> ended = new CompletableFuture<>();
    String agent = await(server.board().createAgent(company, "Wren", Map.of())).path("id").asText();
    server.setWakeHandler(agent, wake -> vertx.executeBlocking(() -> {
      Path log = directory.resolve("log");
      ProcessBuilder builder = command("run");
      builder.environment().putAll(environment(wake.environment()));
      builder.environment().putAll(settings);
      int code = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start().waitFor();
      assertThat(directory.resolve("attacked")).as(Files.readString(log)).exists();
      ended.complete(List.of(wake.token(), modelKey));
      return code;
    }, false).onFailure(ended::completeExceptionally));
    await(server.board().createIssue(company, "Look", Map.of("status", "todo", "assigneeAgentId", agent)));
    return ended.get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  private ProcessBuilder command(String... arguments) {
    List<String> line = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      line.addAll(List.of("setpriv", "--reuid=nobody", "--clear-groups"));
    }
    line.add(home.resolve("bin/heartbeat").toString());
    line.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().clear();
    return builder;
  }

  private Map<String, String> environment(Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(more);
    environment.putAll(Map.of("PATH", System.getenv("PATH"), "HOME", directory.toString(), "HEARTBEAT_AOT", "off",
        "HEARTBEAT_STATE_DIR", directory.resolve("state").toString(), "HEARTBEAT_JAVA_HOME",
        System.getProperty("java.home")));
    return environment;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void until(String what, Path log, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("waited until " + what + "\n" + Files.readString(log)).isLessThan(end);
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
  }
}
