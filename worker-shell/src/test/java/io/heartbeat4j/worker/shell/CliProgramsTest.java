package io.heartbeat4j.worker.shell;

import static io.heartbeat4j.testkit.HeartbeatAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.heartbeat4j.testkit.TestCompany;
import io.heartbeat4j.testkit.TestIssue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The programs themselves, with the scripts of examples/cli-agents, against a provider on loopback. They are over 600
 * MB, so this runs only where they are: {@code npm install --prefix DIR @anthropic-ai/claude-code @openai/codex}, then
 * {@code mvn -pl worker-shell -am test -Dtest=CliProgramsTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dcli.programs=DIR/node_modules/.bin}.
 */
@EnabledIfSystemProperty(named = "cli.programs", matches = ".+")
class CliProgramsTest {

  private static final String DONE = "Mended.\n\n```json\n{\"result\": \"done\", \"summary\": \"Mended the greeting.\"}\n```";

  /** Not in the temporary directory, where Codex does not put its sandbox. */
  private final Path home = Path.of("target", "cli-" + UUID.randomUUID()).toAbsolutePath();
  private final Path workspace = home.resolve("work");
  private final Queue<String> answers = new ConcurrentLinkedQueue<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final HttpServer provider;

  CliProgramsTest() throws IOException {
    provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(workspace);
    Files.writeString(workspace.resolve("greeting.txt"), "Helo, world\n");
    provider.createContext("/", this::answer);
    provider.start();
  }

  @AfterEach
  void stop() {
    provider.stop(0);
  }

  @Test
  void claude_code_mends_the_greeting_and_goes_on_in_its_session() throws Exception {
    String file = "{\"file_path\":" + quoted(workspace.resolve("greeting.txt").toString());
    answers.add(claudeCalling("Read", file + "}"));
    answers.add(claudeCalling("Edit", file + ",\"old_string\":\"Helo\",\"new_string\":\"Hello\"}"));
    answers.add(claude(DONE));
    try (TestCompany company = company("claude", Map.of(
        "ANTHROPIC_BASE_URL", address(), "ANTHROPIC_API_KEY", UUID.randomUUID().toString(),
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"))) {
      mendsAndGoesOn(company, () -> answers.add(claude(DONE)), "> Edit");
    }
  }

  @Test
  void codex_mends_the_greeting_and_goes_on_in_its_session() throws Exception {
    Files.createDirectories(home.resolve(".codex"));
    Files.writeString(home.resolve(".codex/config.toml"), """
        model = "scripted"
        model_provider = "local"
        [model_providers.local]
        name = "local"
        base_url = "%s/v1"
        env_key = "CODEX_API_KEY"
        wire_api = "responses"
        """.formatted(address()));
    answers.add(codex("""
        {"type":"function_call","id":"fc_1","call_id":"call_1","name":"exec_command","arguments":%s}""".formatted(
        quoted("{\"cmd\":\"sed -i s/Helo/Hello/ greeting.txt\"}"))));
    answers.add(codexSaying(DONE));
    try (TestCompany company = company("codex", Map.of("CODEX_API_KEY", UUID.randomUUID().toString()))) {
      TestIssue again = mendsAndGoesOn(company, () -> answers.add(codexSaying(DONE)), "$ /bin/bash -lc");
      assertThat(again.timeline().toString()).contains("110 tokens, codex");
    }
  }

  private TestIssue mendsAndGoesOn(TestCompany company, Runnable next, String shown) throws IOException {
    TestIssue worked = company.issue("Mend the greeting", "It says Helo.").isWorked();
    assertThat(worked).isDone();
    assertThat(worked.lastComment()).isEqualTo("Mended the greeting.");
    assertThat(workspace.resolve("greeting.txt")).hasContent("Hello, world\n");
    assertThat(worked.progress()).anySatisfy(line -> assertThat(line).startsWith(shown));
    int before = requests.size();
    next.run();
    TestIssue again = worked.comment("Is it really?");
    assertThat(again).isDone();
    assertThat(requests).hasSize(before + 1);
    assertThat(requests.get(before)).contains("Is it really?").contains("Mended.");
    return again;
  }

  private TestCompany company(String program, Map<String, String> more) {
    Map<String, String> environment = new java.util.HashMap<>(more);
    environment.put("HOME", home.toString());
    environment.put("PATH", System.getProperty("cli.programs") + ":" + System.getenv("PATH"));
    return TestCompany.start().useWorker(new ShellWorkerFactory(), Map.of(
        "command", List.of(Path.of("../examples/cli-agents/" + program + ".sh").toAbsolutePath().toString()),
        "output", program, "workspace", workspace.toString(), "environment", environment, "timeout", "1m"));
  }

  private String address() {
    return "http://127.0.0.1:" + provider.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String path = exchange.getRequestURI().getPath();
    boolean asks = path.equals("/v1/messages") || path.equals("/v1/responses");
    String answer = asks ? answers.poll() : null;
    if (asks) {
      requests.add(body);
    }
    byte[] bytes = (answer == null ? "{\"error\":{\"message\":\"nothing more\"}}" : answer)
        .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", answer == null ? "application/json" : "text/event-stream");
    exchange.sendResponseHeaders(answer == null ? 404 : 200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static String claudeCalling(String tool, String input) {
    return claude("{\"type\":\"tool_use\",\"id\":\"toolu_" + tool + "\",\"name\":\"" + tool + "\",\"input\":{}}",
        "{\"type\":\"input_json_delta\",\"partial_json\":" + quoted(input) + "}", "tool_use");
  }

  private static String claude(String text) {
    return claude("{\"type\":\"text\",\"text\":\"\"}", "{\"type\":\"text_delta\",\"text\":" + quoted(text) + "}",
        "end_turn");
  }

  private static String claude(String block, String delta, String stop) {
    return event("message_start", """
            "message":{"id":"msg_1","type":"message","role":"assistant","content":[],"model":"claude-opus-4-8",\
            "stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":100,"output_tokens":1}}""")
        + event("content_block_start", "\"index\":0,\"content_block\":" + block)
        + event("content_block_delta", "\"index\":0,\"delta\":" + delta)
        + event("content_block_stop", "\"index\":0")
        + event("message_delta",
            "\"delta\":{\"stop_reason\":\"" + stop + "\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":10}")
        + event("message_stop", "\"x\":0");
  }

  private static String codexSaying(String text) {
    return codex(
        "{\"type\":\"message\",\"id\":\"msg_1\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":"
            + quoted(text) + "}]}");
  }

  private static String codex(String item) {
    return event("response.created", "\"response\":{\"id\":\"resp_1\"}")
        + event("response.output_item.done", "\"output_index\":0,\"item\":" + item)
        + event("response.completed", """
            "response":{"id":"resp_1","usage":{"input_tokens":100,"input_tokens_details":null,"output_tokens":10,\
            "output_tokens_details":null,"total_tokens":110}}""");
  }

  private static String event(String type, String fields) {
    return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + fields + "}\n\n";
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
  }
}
