package io.heartbeat4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.embedded.EmbeddedBoard;
import io.heartbeat4j.embedded.EmbeddedPaperclip;
import io.heartbeat4j.embedded.FaultRuleBuilder;
import io.heartbeat4j.embedded.InProcessWake;
import io.heartbeat4j.embedded.RecordedRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a user meets when something is wrong: the shipped command is woken for an assigned issue by a server with
 * Paperclip's rules, after one thing has been spoilt. Each is one line (what, where, what to do), a documented exit
 * code, and nothing lost or half-written on the server.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputIT {

  private static final Map<String, String> JSON = Map.of("content-type", "application/json; charset=utf-8");
  private static final String GONE = "{\"error\":\"Issue not found\"}";

  @TempDir
  Path directory;

  private final Vertx vertx = Vertx.vertx();
  private EmbeddedPaperclip server;
  private EmbeddedBoard embeddedBoard;
  private String company;

  @BeforeAll
  void open() {
    server = await(EmbeddedPaperclip.start(vertx));
    embeddedBoard = server.board();
    company = id(await(embeddedBoard.createCompany("Bad input")));
  }

  @AfterAll
  void close() {
    await(server.close());
    await(vertx.close());
  }

  /** A wake that is about to be handed to the command, for a case to spoil. */
  private final class PreparedWake {

    final String agent;
    final String issue;
    final Map<String, String> environment;
    final List<String> arguments = new ArrayList<>(List.of("run"));

    PreparedWake(InProcessWake wake) {
      agent = wake.agentId();
      issue = wake.context().path("issueId").asText();
      environment = new HashMap<>(wake.environment());
      environment.putAll(Map.of(
          "PATH", System.getenv("PATH"), "HOME", directory.toString(), "HEARTBEAT_AOT", "off",
          "HEARTBEAT_STATE_DIR", directory.resolve("state").toString(),
          "HEARTBEAT_WORKER", "shell", "HEARTBEAT_WORKER_COMMAND", "[\"echo\", \"Done.\"]"));
    }

    void set(String name, String value) {
      environment.put(name, value);
    }

    void unset(String... names) {
      List.of(names).forEach(environment::remove);
    }

    void config(String yaml) {
      unset("HEARTBEAT_WORKER", "HEARTBEAT_WORKER_COMMAND");
      arguments.addAll(List.of("--config", file("heartbeat.yaml", yaml).toString()));
    }
  }

  /** A case: what is spoilt, and what the user and the server must see. */
  private final class BadInputCase {

    private final String name;
    private final Consumer<PreparedWake> spoil;
    private int code;
    private String[] words = {};
    private String status = "in_progress";
    private String[] comment = {};
    private boolean writes;

    BadInputCase(String name, Consumer<PreparedWake> spoil) {
      this.name = name;
      this.spoil = spoil;
    }

    /** One line on standard error, and nothing is written to the server. */
    BadInputCase fails(int exitCode, String... inTheLine) {
      code = exitCode;
      words = inTheLine;
      return this;
    }

    /** Exit code 0, and the issue says so. */
    BadInputCase isTold(String... inTheComment) {
      writes = true;
      status = "blocked";
      comment = inTheComment;
      return this;
    }

    /** Exit code 0, and the work is done all the same; a line may warn. */
    BadInputCase isWorkedAllTheSame(String... inTheLine) {
      writes = true;
      status = "done";
      words = inTheLine;
      return this;
    }

    /** Exit code 0 without a word on standard error. */
    BadInputCase isLeftAlone(String issueStatus) {
      writes = true;
      status = issueStatus;
      return this;
    }

    private DynamicTest test() {
      return DynamicTest.dynamicTest(name, this::check);
    }

    private void check() throws InterruptedException {
      BlockingQueue<DistributionProcess.ProcessResult> ended = new LinkedBlockingQueue<>();
      String agent = id(await(embeddedBoard.createAgent(company, "Wren", Map.of())));
      server.faults().clear();
      AtomicBoolean woken = new AtomicBoolean();
      server.setWakeHandler(agent,
          wake -> woken.getAndSet(true) ? Future.succeededFuture(0) : vertx.executeBlocking(() -> {
            PreparedWake spoilt = new PreparedWake(wake);
            spoil.accept(spoilt);
            server.requests().clear();
            DistributionProcess.ProcessResult end = DistributionProcess.heartbeat(spoilt.environment,
                spoilt.arguments.toArray(String[]::new));
            ended.add(end);
            return end.code();
          }, false));
      String issue = id(await(
          embeddedBoard.createIssue(company, "Case: " + name, Map.of("status", "todo", "assigneeAgentId", agent))));
      DistributionProcess.ProcessResult end = ended.poll(120, TimeUnit.SECONDS);

      assertThat(end).as("an end").isNotNull();
      assertThat(end.code()).as("the exit code; out: %s err: %s", end.out(), end.err()).isEqualTo(code);
      assertThat(end.errorLines()).as("standard error").hasSize(words.length == 0 ? 0 : 1);
      assertThat(words).as("words in %s", end.err()).allSatisfy(word -> assertThat(end.err()).contains(word));
      List<RecordedRequest> written = server.requests().all().stream()
          .filter(request -> !request.method().equals("GET") && request.status() < 300).toList();
      if (!writes) {
        assertThat(written).as("what was written").isEmpty();
        return;
      }
      assertThat(await(embeddedBoard.readIssue(issue)).path("status").asText()).as("the issue's status")
          .isEqualTo(status);
      List<String> comments = StreamSupport.stream(await(embeddedBoard.comments(issue)).spliterator(), false)
          .filter(each -> each.path("authorType").asText().equals("agent"))
          .map(each -> each.path("body").asText()).toList();
      if (comment.length > 0) {
        assertThat(comments).singleElement().asString().contains(comment).doesNotContain("Exception", "\tat ");
      }
      if (status.equals("done")) {
        assertThat(comments).hasSize(1);
      }
    }
  }

  private BadInputCase given(String name, Consumer<PreparedWake> spoil) {
    return new BadInputCase(name, spoil);
  }

  @TestFactory
  Stream<DynamicTest> each_is_one_line_with_a_documented_exit_code_and_nothing_half_written() {
    return Stream.of(variables(), connections(), identities(), answers(), configurations(), directories())
        .flatMap(List::stream)
        .map(BadInputCase::test);
  }

  private List<BadInputCase> variables() {
    return List.of(
        given("no variable at all", preparedWake -> preparedWake.unset(
            "PAPERCLIP_API_URL", "PAPERCLIP_API_KEY", "PAPERCLIP_AGENT_ID", "PAPERCLIP_COMPANY_ID", "PAPERCLIP_RUN_ID"))
            .fails(64, "PAPERCLIP_API_URL is not set; PAPERCLIP_API_KEY is not set; PAPERCLIP_AGENT_ID is not set;"
                + " PAPERCLIP_COMPANY_ID is not set; PAPERCLIP_RUN_ID is not set", "process adapter"),
        given("no token", preparedWake -> preparedWake.unset("PAPERCLIP_API_KEY")).fails(64,
            "PAPERCLIP_API_KEY is not set"),
        given("a token with a line end", preparedWake -> preparedWake.set("PAPERCLIP_API_KEY", "two\nlines"))
            .fails(64, "PAPERCLIP_API_KEY", "white space", "position 4 of 9"),
        given("a malformed run", preparedWake -> preparedWake.set("PAPERCLIP_RUN_ID", "run-1"))
            .fails(64, "PAPERCLIP_RUN_ID", "run id is not a UUID: 'run-1'"),
        given("a malformed agent and company", preparedWake -> {
          preparedWake.set("PAPERCLIP_AGENT_ID", "wren");
          preparedWake.set("PAPERCLIP_COMPANY_ID", "acme");
        }).fails(64, "PAPERCLIP_AGENT_ID", "'wren'", "PAPERCLIP_COMPANY_ID", "'acme'"),
        given("a malformed task", preparedWake -> preparedWake.set("PAPERCLIP_TASK_ID", "CON-1"))
            .isWorkedAllTheSame("PAPERCLIP_TASK_ID", "'CON-1'"),
        given("a malformed wake payload",
            preparedWake -> preparedWake.set("PAPERCLIP_WAKE_PAYLOAD_JSON", "{\"issue\":"))
            .isWorkedAllTheSame("PAPERCLIP_WAKE_PAYLOAD_JSON"),
        given("a wake reason that nobody knows", preparedWake -> preparedWake.set("PAPERCLIP_WAKE_REASON", "full_moon"))
            .isWorkedAllTheSame(),
        given("an option that nobody knows", preparedWake -> preparedWake.arguments.add("--confg=x"))
            .fails(64, "there is no option '--confg=x', did you mean '--config'?", "heartbeat run --help"));
  }

  private List<BadInputCase> connections() {
    return List.of(
        given("an address without a scheme", preparedWake -> preparedWake.set("PAPERCLIP_API_URL", "localhost:3100"))
            .fails(64, "PAPERCLIP_API_URL", "'localhost:3100' is not the URL of a server", "http://localhost:3100"),
        given("nobody at that port", preparedWake -> preparedWake.set("PAPERCLIP_API_URL", "http://127.0.0.1:1"))
            .fails(69, "http://127.0.0.1:1", "can't be reached", "PAPERCLIP_API_URL"),
        given("no such host", preparedWake -> preparedWake.set("PAPERCLIP_API_URL", "http://no-such-host.invalid:3100"))
            .fails(69, "no host of that name: http://no-such-host.invalid:3100", "PAPERCLIP_API_URL"),
        given("https to a plain server",
            preparedWake -> preparedWake.set("PAPERCLIP_API_URL", server.url().replace("http:", "https:")))
            .fails(69, "https://127.0.0.1", "use http:// in PAPERCLIP_API_URL"),
        given("http to a TLS server",
            preparedWake -> preparedWake.set("PAPERCLIP_API_URL", "http://127.0.0.1:" + tlsPort()))
            .fails(69, "GET /api/", "if the server speaks TLS, use https://"),
        given("an address with /api", preparedWake -> preparedWake.set("PAPERCLIP_API_URL", server.url() + "/api/"))
            .isWorkedAllTheSame());
  }

  private List<BadInputCase> identities() {
    return List.of(
        given("an expired token", preparedWake -> preparedWake.set("PAPERCLIP_API_KEY", expired(preparedWake)))
            .fails(77, "answered 401: Agent token did not verify", "obtain fresh credentials"),
        given("a token that the server does not know",
            preparedWake -> preparedWake.set("PAPERCLIP_API_KEY", "some-other-token"))
            .fails(77, "answered 401: Agent token did not verify"),
        given("another agent's key", preparedWake -> preparedWake.set("PAPERCLIP_API_KEY",
            await(embeddedBoard.createKey(id(await(embeddedBoard.createAgent(company, "Pia", Map.of())))))))
            .fails(77, "PAPERCLIP_AGENT_ID is ", "Pia"),
        given("another company", preparedWake -> preparedWake.set("PAPERCLIP_COMPANY_ID", preparedWake.agent)).fails(77,
            "PAPERCLIP_COMPANY_ID"),
        given("a paused agent", preparedWake -> await(embeddedBoard.pauseAgent(preparedWake.agent)))
            .fails(77, "is over (cancelled)", "the agent is paused, resume it on the board"),
        given("a terminated agent", preparedWake -> await(embeddedBoard.terminateAgent(preparedWake.agent))).fails(77,
            "answered 401", "terminated"));
  }

  private List<BadInputCase> answers() {
    String path = "/api/issues/[^/]+";
    return List.of(
        given("a page instead of JSON",
            preparedWake -> server.faults().addRule(FaultRuleBuilder.on("GET", "/api/agents/me").htmlPage()))
            .fails(69, "GET /api/agents/me answered 200, not JSON but text/html", "PAPERCLIP_API_URL"),
        given("a body that breaks off",
            preparedWake -> server.faults().addRule(FaultRuleBuilder.on("GET", "/api/agents/me").truncateResponse(20)))
            .fails(69, "GET /api/agents/me", "the connection broke before the whole answer was there"),
        given("an answer of 40 MB",
            preparedWake -> server.faults()
                .addRule(FaultRuleBuilder.on("GET", "/api/agents/me").oversizedResponse(40_000_000)))
            .fails(69, "GET /api/agents/me", "larger than 33554432 bytes"),
        given("a redirect", preparedWake -> server.faults().addRule(FaultRuleBuilder.on("GET", "/api/agents/me")
            .respondWith(302, Map.of("location", "https://paperclip.example/login"), "")))
            .fails(69, "was redirected to https://paperclip.example/login", "PAPERCLIP_API_URL"),
        given("an update whose answer breaks off",
            preparedWake -> server.faults().addRule(FaultRuleBuilder.on("PATCH", path).once().truncateResponse(10)))
            .isWorkedAllTheSame(),
        given("an agent status that nobody knows",
            preparedWake -> server.faults()
                .addRule(FaultRuleBuilder.on("GET", "/api/agents/me").respondWith(200, JSON,
                    """
                {"id":"%s","companyId":"%s","name":"Wren","status":"meditating"}""".formatted(preparedWake.agent,
                        company))))
            .isWorkedAllTheSame(),
        given("an issue of two megabytes", preparedWake -> {
          await(
              embeddedBoard.updateIssue(preparedWake.issue, Map.of("description", "Two megabytes. ".repeat(140_000))));
          preparedWake.set("HEARTBEAT_WORKER_COMMAND", "[\"sh\", \"-c\", \"test $(wc -c) -gt 2000000 && echo Done.\"]");
        }).isWorkedAllTheSame(),
        given("an issue that is deleted before its checkout",
            preparedWake -> server.faults()
                .addRule(FaultRuleBuilder.on("POST", path + "/checkout").respondWith(404, JSON, GONE)))
            .isLeftAlone("in_progress"),
        given("an issue that is deleted while it is worked",
            preparedWake -> server.faults().addRule(FaultRuleBuilder.on("PATCH", path).respondWith(404, JSON, GONE)))
            .isLeftAlone("in_progress"));
  }

  private List<BadInputCase> configurations() {
    return List.of(
        given("no worker is chosen", preparedWake -> preparedWake.unset("HEARTBEAT_WORKER", "HEARTBEAT_WORKER_COMMAND"))
            .isTold("no worker is chosen", "HEARTBEAT_WORKER", "heartbeat workers"),
        given("a worker that does not exist", preparedWake -> preparedWake.set("HEARTBEAT_WORKER", "shel"))
            .isTold("there is no worker named 'shel', did you mean 'shell'?"),
        given("a setting that does not exist", preparedWake -> preparedWake.set("HEARTBEAT_WORKER_TIMOUT", "5m"))
            .isTold("worker.settings.timout is not a setting, did you mean 'timeout'?"),
        given("a value of the wrong form", preparedWake -> preparedWake.set("HEARTBEAT_WORKER_TIMEOUT", "soon"))
            .isTold("worker.settings.timeout: 'soon' is not a duration, such as 90s"),
        given("a secret that is not there",
            preparedWake -> preparedWake.set("HEARTBEAT_WORKER_ENVIRONMENT", "{\"T\":\"${ENV:NOT_THERE}\"}"))
            .isTold("worker.settings.environment.T", "the environment variable NOT_THERE is not set"),
        given("broken YAML", preparedWake -> preparedWake.config("worker:\n  name: [shell\n  settings: {}\n"))
            .isTold("heartbeat.yaml", "is not a valid YAML map", "line"),
        given("YAML that is not a map", preparedWake -> preparedWake.config("just words\n")).isTold("heartbeat.yaml",
            "is not a valid YAML map"),
        given("an unknown key in the file", preparedWake -> preparedWake.config("worker:\n  name: shell\ntimeot: 5m\n"))
            .isTold("configuration.timeot is not a setting, did you mean 'timeout'?"),
        given("a file that is not there",
            preparedWake -> preparedWake.arguments.addAll(List.of("--config", "/no/such/file.yaml")))
            .isTold("there is no file /no/such/file.yaml", "--config"),
        given("a plugin that is not a jar", preparedWake -> {
          file("plugins/broken/broken.jar", "not a jar");
          preparedWake.set("HEARTBEAT_PLUGINS", directory.resolve("plugins").toString());
          preparedWake.set("HEARTBEAT_WORKER", "broken");
        }).isTold("there is no worker named 'broken'", "broken.jar is not a readable jar"),
        given("a command that does not exist",
            preparedWake -> preparedWake.set("HEARTBEAT_WORKER_COMMAND", "[\"no-such-command\"]"))
            .isTold("no-such-command", "can't be started", "'command'"),
        given("a broken file and nothing to do", preparedWake -> {
          await(embeddedBoard.updateIssue(preparedWake.issue, Map.of("status", "done")));
          preparedWake.config("worker:\n  name: [shell\n");
        }).fails(78, "heartbeat.yaml", "is not a valid YAML map"));
  }

  private List<BadInputCase> directories() {
    return List.of(
        given("a state directory that can't be written",
            preparedWake -> preparedWake.set("HEARTBEAT_STATE_DIR", file("a-file", "").resolve("state").toString()))
            .isWorkedAllTheSame("the write-ahead log can't be kept", "HEARTBEAT_STATE_DIR"),
        given("a scratch directory that can't be written",
            preparedWake -> preparedWake.set("PAPERCLIP_RUN_SCRATCH_DIR",
                file("another-file", "").resolve("scratch").toString()))
            .isTold("no scratch directory can be created", "TMPDIR"),
        given("a workspace that is not there",
            preparedWake -> preparedWake.set("HEARTBEAT_WORKER_WORKSPACE", "/no/such/directory"))
            .isTold("the workspace /no/such/directory is not a directory", "'workspace'"));
  }

  /** A run's token as the server makes them, of long ago; the signature is nobody's. */
  private String expired(PreparedWake preparedWake) {
    String claims = """
        {"sub":"%s","company_id":"%s","run_id":"%s","iss":"paperclip","exp":1000000000}"""
        .formatted(preparedWake.agent, company, preparedWake.environment.get("PAPERCLIP_RUN_ID"));
    return Stream.of("{\"alg\":\"HS256\"}", claims, "nobody's")
        .map(part -> Base64.getUrlEncoder().withoutPadding().encodeToString(part.getBytes(StandardCharsets.UTF_8)))
        .reduce((first, second) -> first + "." + second).orElseThrow();
  }

  /** A server that answers plain text as a TLS server does: with an alert, and by hanging up. */
  private int tlsPort() {
    return await(vertx.createNetServer()
        .connectHandler(socket -> socket.handler(plain -> socket.end(Buffer.buffer(new byte[]{21, 3, 3, 0, 2, 2, 70}))))
        .listen(0, "127.0.0.1")).actualPort();
  }

  private Path file(String name, String text) {
    try {
      Path file = directory.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static String id(JsonNode node) {
    return node.path("id").asText();
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }
}
