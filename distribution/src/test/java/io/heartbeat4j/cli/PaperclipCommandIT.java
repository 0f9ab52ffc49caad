package io.heartbeat4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.heartbeat4j.cli.DistributionProcess.ProcessResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code heartbeat paperclip} and what it tells an operator; PaperclipAdapterTest has the real server. */
class PaperclipCommandIT {

  private static final String NO_BOARD = "{\"error\": \"Board access required\"}";

  @TempDir
  Path directory;
  private HttpServer server;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  /** By method and path; anything else is unknown. */
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();

  private record Answer(int status, String body) {}

  @BeforeEach
  void listen() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    answers.put("GET /api/adapters", new Answer(200, "[]"));
    answers.put("GET /api/companies", new Answer(200, "[]"));
  }

  @AfterEach
  void close() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    asked.add(request + " " + String.valueOf(exchange.getRequestHeaders().getFirst("authorization")) + " " + body);
    Answer answer = answers.getOrDefault(request, new Answer(404, "{\"error\": \"not registered\"}"));
    if (request.equals("POST /api/adapters/install") && answer.status() == 201) {
      String folder = new ObjectMapper().readTree(body).path("packageName").asText();
      answers.put("GET /api/adapters/heartbeat4j",
          new Answer(200, "{\"version\": \"0.1.0\", \"packageName\": \"" + folder + "\"}"));
    }
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private Path files() {
    return directory.resolve("adapter");
  }

  private ProcessResult paperclip(String command, String... more) {
    List<String> arguments = new ArrayList<>(
        List.of("paperclip", command, "--url", url(), "--directory", files().toString()));
    arguments.addAll(List.of(more));
    return DistributionProcess.heartbeat(Map.of("PATH", System.getenv("PATH"), "HOME", directory.toString(),
        "HEARTBEAT_AOT", "off"), arguments.toArray(String[]::new));
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.sorted().toList();
    }
  }

  private void serverLoadsAdapters() {
    answers.put("POST /api/adapters/install", new Answer(201, "{}"));
  }

  @Test
  void what_is_shipped_is_copied_for_the_server_and_the_hosts_key_is_for_its_user_alone() throws IOException {
    serverLoadsAdapters();
    String board = UUID.randomUUID().toString();
    String key = UUID.randomUUID().toString();
    Path boardFile = Files.writeString(directory.resolve("board"), board + "\n");
    Path keyFile = Files.writeString(directory.resolve("key"), key + "\n");

    ProcessResult installed = paperclip("install", "--key-file", boardFile.toString(), "--host-url", "http://host:8787",
        "--host-key-file", keyFile.toString());

    assertThat(installed.err()).isEmpty();
    assertThat(installed.code()).isZero();
    assertThat(list(files())).hasSize(2);
    Path copy = list(files()).get(0);
    assertThat(installed.out())
        .isEqualTo("The server at " + url() + " has loaded the adapter heartbeat4j 0.1.0 from " + copy + ".\n");
    assertThat(copy.resolve("src/execute.js")).hasSameTextualContentAs(
        DistributionProcess.HOME.resolve("paperclip-adapter/src/execute.js"));
    assertThat(Files.getPosixFilePermissions(copy.resolve("index.js")))
        .isEqualTo(PosixFilePermissions.fromString("rw-r--r--"));
    Path host = files().resolve("host.json");
    assertThat(Files.getPosixFilePermissions(host)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(host).hasContent("{\"url\":\"http://host:8787\",\"key\":\"" + key + "\"}");
    assertThat(asked).allSatisfy(request -> assertThat(request).contains(" Bearer " + board + " "));
    assertThat(installed.out()).doesNotContain(board, key);
  }

  @Test
  void an_upgrade_keeps_what_was_said_of_the_host_and_leaves_no_older_files() throws IOException {
    serverLoadsAdapters();
    paperclip("install", "--host-socket", "/run/there.sock");
    Files.createDirectories(files().resolve("adapter-older/src"));

    assertThat(paperclip("install").code()).isZero();

    assertThat(list(files())).hasSize(2);
    assertThat(files().resolve("host.json")).hasContent("{\"socket\":\"/run/there.sock\"}");
  }

  @Test
  void a_server_that_wants_a_key_is_told_of_in_one_line() {
    answers.put("GET /api/adapters", new Answer(403, NO_BOARD));

    ProcessResult refused = paperclip("install");

    assertThat(refused.code()).isEqualTo(77);
    assertThat(refused.errorLines()).singleElement().asString().contains("Board key for " + url(), "--key-file");
    assertThat(files()).doesNotExist();
  }

  @Test
  void a_key_that_is_refused_is_told_of_in_one_line_without_the_key() throws IOException {
    answers.put("POST /api/adapters/install", new Answer(403, "{\"error\": \"Instance admin access required\"}"));
    String board = UUID.randomUUID().toString();

    ProcessResult refused = paperclip("install", "--key-file",
        Files.writeString(directory.resolve("board"), board).toString());

    assertThat(refused.code()).isEqualTo(77);
    assertThat(refused.errorLines()).singleElement().asString().contains("Instance admin access required")
        .doesNotContain(board);
  }

  @Test
  void a_server_that_can_not_load_the_files_is_told_of_in_one_line() {
    answers.put("POST /api/adapters/install", new Answer(500, "{\"error\": \"Failed to install adapter: EACCES\"}"));

    ProcessResult failed = paperclip("install");

    assertThat(failed.code()).isEqualTo(69);
    assertThat(failed.errorLines()).singleElement().asString().contains("EACCES", "--directory");
  }

  @Test
  void a_server_that_is_not_there_is_told_of_in_one_line() {
    server.stop(0);

    ProcessResult failed = paperclip("status");

    assertThat(failed.code()).isEqualTo(69);
    assertThat(failed.errorLines()).singleElement().asString()
        .startsWith("heartbeat: the Paperclip server at " + url() + " can't be reached: ");
  }

  @Test
  void the_status_tells_an_adapter_of_another_version() {
    assertThat(paperclip("status").out()).startsWith("PROBLEM  ").contains("has no adapter",
        "heartbeat paperclip install");
    answers.put("GET /api/adapters/heartbeat4j",
        new Answer(200, "{\"version\": \"0.0.9\", \"packageName\": \"/elsewhere\"}"));

    ProcessResult other = paperclip("status");

    assertThat(other.code()).isEqualTo(78);
    assertThat(other.out()).startsWith("PROBLEM  ").contains("0.0.9 from /elsewhere, which is not the one");
  }

  @Test
  void only_what_was_installed_is_removed() throws IOException {
    serverLoadsAdapters();
    paperclip("install", "--host-socket", "/run/there.sock");
    Path others = Files.writeString(files().resolve("mine.txt"), "mine");
    answers.put("DELETE /api/adapters/heartbeat4j", new Answer(200, "{}"));

    assertThat(paperclip("uninstall").code()).isZero();

    assertThat(list(files())).containsExactly(others);
    assertThat(asked).anySatisfy(request -> assertThat(request).startsWith("DELETE /api/adapters/heartbeat4j"));
  }

  @Test
  void an_agent_is_made_in_the_company_that_is_named() {
    serverLoadsAdapters();
    answers.put("GET /api/companies", new Answer(200,
        """
        [{"id": "c1", "name": "Acme", "issuePrefix": "ACM"}, {"id": "c2", "name": "Initech", "issuePrefix": "INI"}]"""));
    answers.put("POST /api/companies/c2/agents", new Answer(201, "{\"name\": \"Wren\"}"));
    answers.put("POST /api/companies/c2/adapters/heartbeat4j/test-environment", new Answer(200, """
        {"status": "pass", "checks": [{"level": "info", "message": "The host answers."}]}"""));

    assertThat(paperclip("install", "--agent", "Wren").errorLines())
        .containsExactly("heartbeat: --company has to name one of: Acme, Initech");
    ProcessResult made = paperclip("install", "--agent", "Wren", "--profile", "coder", "--company", "INI");

    assertThat(made.out()).endsWith("Agent Wren of Initech works with it:\nok       The host answers.\n");
    assertThat(asked).anySatisfy(request -> assertThat(request).startsWith("POST /api/companies/c2/agents")
        .contains("\"profile\":\"coder\""));
  }
}
