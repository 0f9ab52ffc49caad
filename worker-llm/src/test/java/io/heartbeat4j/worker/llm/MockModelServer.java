package io.heartbeat4j.worker.llm;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A server on loopback that speaks the providers' protocols, with a script for a model: npm's {@code
 * @copilotkit/aimock}. It is installed once, into the user's cache, and started once per test run. It splits what it
 *     streams at every character. Without npm and node the tests that need it are skipped.
 */
final class MockModelServer {

  private static final String VERSION = "1.43.0";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static volatile @Nullable MockModelServer running;

  private final String url;

  private MockModelServer(String url) {
    this.url = url;
  }

  /** The server of this test run. */
  static synchronized MockModelServer running() throws IOException, InterruptedException {
    MockModelServer mock = running;
    if (mock == null) {
      mock = start(installed());
      running = mock;
    }
    return mock;
  }

  String url() {
    return url;
  }

  private static Path installed() throws IOException, InterruptedException {
    String own = System.getenv().getOrDefault("HEARTBEAT_TEST_CACHE", "");
    Path cache = own.isBlank() ? Path.of(System.getProperty("user.home"), ".cache", "heartbeat4j") : Path.of(own);
    Path home = cache.resolve("aimock-" + VERSION);
    if (!Files.exists(cli(home))) {
      Files.createDirectories(cache);
      Path fresh = Files.createTempDirectory(cache, "aimock-");
      Path log = fresh.resolve("npm.log");
      assumeTrue(isThere("npm") && isThere("node"), "npm and node are there");
      int code = new ProcessBuilder("npm", "install", "--no-audit", "--no-fund", "--prefix", fresh.toString(),
          "@copilotkit/aimock@" + VERSION)
          .redirectErrorStream(true).redirectOutput(log.toFile()).start().waitFor();
      if (code != 0) {
        throw new IOException("npm could not install @copilotkit/aimock: " + Files.readString(log));
      }
      try {
        Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
      } catch (FileAlreadyExistsException | java.nio.file.DirectoryNotEmptyException other) {
        // another build was faster
      }
    }
    return cli(home);
  }

  private static boolean isThere(String program) throws InterruptedException {
    try {
      return new ProcessBuilder(program, "--version").redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
    } catch (IOException notThere) {
      return false;
    }
  }

  private static Path cli(Path home) {
    return home.resolve("node_modules/@copilotkit/aimock/dist/cli.js");
  }

  private static MockModelServer start(Path cli) throws IOException {
    Path none = Files.createTempFile("aimock", ".json");
    Files.writeString(none, "{\"fixtures\":[{\"match\":{\"turnIndex\":9999},\"response\":{\"content\":\"never\"}}]}");
    Process process = new ProcessBuilder("node", cli.toString(), "-p", "0", "-c", "1", "--strict", "-f",
        none.toString())
        .redirectErrorStream(true).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    StringBuilder said = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      said.append(line).append('\n');
      int at = line.indexOf("http://");
      if (at >= 0) {
        Thread.ofVirtual().start(() -> output.lines().forEach(ignored -> {}));
        Files.delete(none);
        return new MockModelServer(line.substring(at).strip());
      }
    }
    process.onExit().orTimeout(5, TimeUnit.SECONDS).join();
    throw new IOException("the mock did not start: " + said);
  }

  /** Replaces the script, and forgets the requests. */
  void script(WireFormat wireFormat, List<ScriptedTurn> turns) throws IOException, InterruptedException {
    List<Map<String, Object>> fixtures = new ArrayList<>();
    int index = 0;
    for (ScriptedTurn scriptedTurn : turns) {
      fixtures.add(scriptedTurn.fixture(index, wireFormat));
      index += scriptedTurn.isOneOfSeveral() ? 0 : wireFormat == WireFormat.RESPONSES ? scriptedTurn.items() : 1;
    }
    post("/__aimock/reset", "");
    post("/__aimock/fixtures", JSON.writeValueAsString(Map.of("fixtures", fixtures)));
  }

  /** The requests that reached it since the script was given, in order, in one form for all providers. */
  List<JsonNode> requests() throws IOException, InterruptedException {
    String journal = send(HttpRequest.newBuilder(URI.create(url + "/__aimock/journal")).build());
    List<JsonNode> requests = new ArrayList<>();
    JSON.readTree(journal).forEach(requests::add);
    return requests;
  }

  private void post(String path, String body) throws IOException, InterruptedException {
    send(HttpRequest.newBuilder(URI.create(url + path)).POST(HttpRequest.BodyPublishers.ofString(body)).build());
  }

  private static String send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(request.uri() + ": " + response.statusCode() + " " + response.body());
    }
    return response.body();
  }
}
