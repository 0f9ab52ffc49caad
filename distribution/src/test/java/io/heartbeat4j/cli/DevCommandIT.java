package io.heartbeat4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbeat4j.cli.dev.DevPage;
import io.heartbeat4j.cli.dev.WorkerProject;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code heartbeat dev} as it is shipped, on the example of the docs. */
class DevCommandIT {

  private static final String FACTORY = "io.example.hello.HelloWorkerFactory";
  private static final Path EXAMPLE = Path.of(System.getProperty("repository"))
      .resolve("examples/worker-hello/src/main/java/io/example/hello/HelloWorkerFactory.java");

  @TempDir
  Path directory;

  private WorkerProject project;
  private String code;
  private final List<String> output = new CopyOnWriteArrayList<>();
  private Optional<Process> running = Optional.empty();

  @BeforeEach
  void compileTheExample() throws IOException {
    code = Files.readString(EXAMPLE);
    project = WorkerProject.empty(directory.resolve("project"));
    project.compile(FACTORY, code);
    project.nameFactories(FACTORY);
    Files.createDirectory(directory.resolve("tmp"));
  }

  @AfterEach
  void end() {
    running.ifPresent(Process::destroyForcibly);
  }

  /** The page, when the command has printed where it is. */
  private DevPage dev(String... arguments) throws IOException {
    List<String> line = new ArrayList<>(List.of(DistributionProcess.HOME.resolve("bin/heartbeat").toString(), "dev",
        project.directory().toString()));
    line.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(Map.of("PATH", System.getenv("PATH"), "HOME", directory.toString(), "HEARTBEAT_AOT",
        "off", "HEARTBEAT_JAVA_OPTS", "-Djava.io.tmpdir=" + directory.resolve("tmp")));
    Process process = builder.start();
    running = Optional.of(process);
    BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
    Thread.ofVirtual().start(() -> lines.lines().forEach(output::add));
    awaitOutput("is at http");
    return DevPage.of(String.join("\n", output));
  }

  private void awaitOutput(String text) {
    DevPage.waitUntil(() -> output.stream().anyMatch(line -> line.contains(text)), output::toString);
  }

  @Test
  void the_example_works_an_issue_and_a_changed_class_is_used_by_the_next_and_ctrl_c_leaves_nothing() throws Exception {
    DevPage page = dev();
    assertThat(page.awaitStatus(page.createIssue("Water the plants"), "done"))
        .isEqualTo("Hello! I have seen to \"Water the plants\".");

    project.compile(FACTORY, code.replace("Hello!", "Howdy!"));
    awaitOutput("(load 2)");
    assertThat(page.awaitStatus(page.createIssue("Water the plants"), "done")).startsWith("Howdy!");

    project.writeSettings("worker: {settings: {colour: red}}");
    awaitOutput("dev.yaml: worker.settings.colour");
    assertThat(page.awaitStatus(page.createIssue("Again"), "done")).startsWith("Howdy!");

    Process process = running.orElseThrow();
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(output::toString).isTrue();
    assertThat(process.exitValue()).as(output::toString).isZero();
    assertThat(directory.resolve("tmp")).isEmptyDirectory();
    assertThatThrownBy(() -> connect(URI.create(page.url()).getPort()).close())
        .isInstanceOf(ConnectException.class);
  }

  @Test
  void a_debugger_can_attach() throws IOException {
    int port = freePort();
    dev("--debug=" + port);

    try (Socket debugger = connect(port)) {
      byte[] greeting = "JDWP-Handshake".getBytes(StandardCharsets.US_ASCII);
      debugger.getOutputStream().write(greeting);
      assertThat(debugger.getInputStream().readNBytes(greeting.length)).isEqualTo(greeting);
    }
  }

  @Test
  void a_project_that_cannot_be_used_is_one_line_and_an_exit_code() {
    DistributionProcess.ProcessResult result = DistributionProcess.heartbeat(
        Map.of("PATH", System.getenv("PATH"), "HOME", directory.toString(), "HEARTBEAT_AOT", "off"), "dev",
        directory.resolve("nothing").toString());

    assertThat(result.code()).isEqualTo(78);
    assertThat(result.errorLines()).singleElement().asString()
        .isEqualTo("heartbeat: " + directory.resolve("nothing")
            + " does not exist: name the directory of a worker project, a jar or a plugin zip");
  }

  @Test
  void a_debug_port_that_is_in_use_is_told() throws IOException {
    try (ServerSocket used = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      DistributionProcess.ProcessResult dev = DistributionProcess.heartbeat(Map.of("PATH", System.getenv("PATH")),
          "dev",
          "--debug=" + used.getLocalPort());

      assertThat(dev.code()).isEqualTo(64);
      assertThat(dev.errorLines()).containsExactly("heartbeat: the debugger's port " + used.getLocalPort()
          + " is in use: end the other process, or write --debug=PORT");
    }
  }

  @Test
  void a_debug_port_that_is_none_is_told() {
    assertThat(DistributionProcess.heartbeat(Map.of("PATH", System.getenv("PATH")), "dev", "--debug=x").errorLines())
        .containsExactly("heartbeat: --debug=x is no port: write --debug, or --debug=5005");
  }

  private static Socket connect(int port) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), port);
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }
}
