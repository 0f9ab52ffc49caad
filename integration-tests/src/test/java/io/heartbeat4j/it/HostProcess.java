package io.heartbeat4j.it;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.cli.demo.BoardClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code heartbeat serve} of the built distribution, and agents that live in it. */
final class HostProcess implements AutoCloseable {

  private final Path directory;
  private final Path heartbeat = Path.of(System.getProperty("heartbeat.home"), "bin/heartbeat");
  private final int port = RealPaperclip.hostPort();
  private @Nullable Process process;

  HostProcess(Path directory) throws IOException {
    this.directory = directory;
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createDirectories(directory.resolve("agents"));
    Files.writeString(directory.resolve("host.yaml"), """
        server: %s
        state-dir: %s
        listen:
          port: %d
          socket: %s
        limits:
          drain: 1s
          slots: 8
        """.formatted(RealPaperclip.url(), directory.resolve("state"), port, socket()));
  }

  Path socket() {
    return directory.resolve("wake.sock");
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  /** An agent that Paperclip wakes through the gateway; its work is this shell script. */
  String createAgent(BoardClient boardClient, String name, String script) throws IOException {
    String access = newAccessKey();
    return createAgent(boardClient, name, script, access, "hermes_gateway",
        Map.of("apiBaseUrl", url(), "apiKey", access, "timeoutSec", 0));
  }

  static String newAccessKey() {
    return "access-" + UUID.randomUUID();
  }

  String createAgent(BoardClient boardClient, String name, String script, String access, String adapter,
      Map<String, Object> settings)
      throws IOException {
    String id = boardClient.post("/companies/" + boardClient.company() + "/agents", Map.of(
        "name", name, "role", "engineer", "adapterType", adapter, "adapterConfig", settings)).path("id").asText();
    JsonNode key = boardClient.post("/agents/" + id + "/keys", Map.of("name", "host"));
    Path work = writeScript(name, script);
    Files.writeString(directory.resolve("agents").resolve(name + ".yaml"), """
        id: %s
        key: %s
        access-key: %s
        worker: {name: shell, settings: {command: ["%s"]}}
        """.formatted(id, key.path("token").asText(), access, work));
    return id;
  }

  /** A profile that agents choose on the server; its work is this shell script. Before the start. */
  void addProfile(String name, String script) throws IOException {
    addProfile(name, script, "");
  }

  /** With more settings of the worker, each after a comma. */
  void addProfile(String name, String script, String settings) throws IOException {
    addWorker(name, "{name: shell, settings: {command: [\"%s\"]%s}}".formatted(writeScript(name, script), settings)
        + "\n    overridable: [timeout]");
  }

  /** A profile with a worker as host.yaml names it. */
  void addWorker(String name, String worker) throws IOException {
    Path file = directory.resolve("host.yaml");
    if (!Files.readString(file).contains("\nprofiles:")) {
      Files.writeString(file, "profiles:\n", StandardOpenOption.APPEND);
    }
    Files.writeString(file, """
          %s:
            description: Works as %1$s
            worker: %2$s
        """.formatted(name, worker), StandardOpenOption.APPEND);
  }

  private Path writeScript(String name, String script) throws IOException {
    Path work = directory.resolve(name + ".sh");
    Files.writeString(work, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x"));
    return work;
  }

  /** The agent looks into its inbox so often; before the start. */
  void enableTimer(String name, String every) throws IOException {
    Files.writeString(directory.resolve("agents").resolve(name + ".yaml"), "timer: " + every + "\n",
        StandardOpenOption.APPEND);
  }

  /** What the gateway's adapter sends first; the answer's status. */
  int postWake(String run, String access) throws IOException, InterruptedException {
    return HttpClient.newHttpClient().send(
        HttpRequest.newBuilder(URI.create(url() + "/v1/runs")).version(HttpClient.Version.HTTP_1_1)
            .header("authorization", "Bearer " + access).header("idempotency-key", run)
            .POST(HttpRequest.BodyPublishers.ofString("{\"input\":\"hello\"}")).build(),
        HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  void start() throws IOException {
    process = new ProcessBuilder(
        List.of(heartbeat.toString(), "serve", "--config", directory.resolve("host.yaml").toString()))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("host.log").toFile()))
        .start();
    Await.until("the host is ready", this::log, () -> !started().isAlive() || isReady());
    if (!started().isAlive()) {
      throw new AssertionError("the host has ended: " + log());
    }
    Files.setPosixFilePermissions(socket(), PosixFilePermissions.fromString("rw-rw-rw-")); // the server is another user
  }

  private boolean isReady() {
    try {
      return HttpClient.newHttpClient()
          .send(HttpRequest.newBuilder(URI.create(url() + "/readyz")).version(HttpClient.Version.HTTP_1_1).build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  /** SIGKILL. */
  void kill() {
    started().destroyForcibly().onExit().join();
  }

  /** Sends it a signal, as STOP or CONT. */
  void signal(String name) throws IOException {
    new ProcessBuilder("kill", "-" + name, String.valueOf(pid())).inheritIO().start().onExit().join();
  }

  long pid() {
    return started().pid();
  }

  private Process started() {
    return Objects.requireNonNull(process, "the host is started");
  }

  /** SIGTERM; the exit code. */
  int terminate() throws InterruptedException {
    started().destroy();
    if (!started().waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("the host did not end: " + log());
    }
    return started().exitValue();
  }

  String log() {
    try {
      return Files.readString(directory.resolve("host.log"));
    } catch (IOException none) {
      return "";
    }
  }

  @Override
  public void close() {
    if (process != null) {
      kill();
    }
  }
}
