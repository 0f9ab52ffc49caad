package io.heartbeat4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.embedded.EmbeddedPaperclip;
import io.heartbeat4j.storage.postgresql.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three hosts of the distribution with one PostgreSQL database, behind the nginx of docs/host.md. */
class SeveralHostsIT {

  private static final List<String> NODES = List.of("host-1", "host-2", "host-3");
  private static final List<String> AGENTS = List.of("wren", "pia", "otto", "lena", "jay", "finch");
  private static final int ISSUES_EACH = 5;
  private static final long LIMIT_SECONDS = 150;

  @TempDir
  Path directory;

  private final Vertx vertx = Vertx.vertx();
  private final Map<String, Integer> ports = new LinkedHashMap<>();
  private final Map<String, Process> hosts = new LinkedHashMap<>();
  private final Map<String, String> ids = new LinkedHashMap<>();
  private final Map<String, String> access = new LinkedHashMap<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private final int balancer = freePort();
  private Process nginx;
  private EmbeddedPaperclip server;
  private TestDatabase database;
  private String company;
  private int issuesMade;

  @BeforeEach
  void start() throws IOException, SQLException {
    String program = Stream.of("/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx", "/usr/local/bin/nginx")
        .filter(path -> Files.isExecutable(Path.of(path))).findFirst().orElse("");
    if (program.isEmpty()) {
      System.err.println("SKIPPED: several hosts are NOT TESTED, since there is no nginx: install nginx-light");
    }
    assumeTrue(!program.isEmpty());
    server = await(EmbeddedPaperclip.start(vertx));
    database = TestDatabase.empty();
    company = await(server.board().createCompany("Several hosts")).path("id").asText();
    NODES.forEach(node -> ports.put(node, freePort()));
    balance(program);
    configure();
    for (String node : NODES) {
      start(node);
    }
    until("every host is ready", () -> NODES.stream().allMatch(node -> status(node, "/readyz", "wren") == 200));
  }

  /** The example of the documentation, with the ports of this test. */
  private void balance(String program) throws IOException {
    String documented = Files.readString(Path.of(System.getProperty("repository"), "docs/host.md"));
    String site = documented.substring(documented.indexOf("```nginx\n") + "```nginx\n".length());
    site = site.substring(0, site.indexOf("```")).replace("listen 8080;", "listen 127.0.0.1:" + balancer + ";");
    for (int i = 0; i < NODES.size(); i++) {
      site = site.replace("10.0.0." + (i + 1) + ":8787", "127.0.0.1:" + ports.get(NODES.get(i)));
    }
    Path file = directory.resolve("nginx.conf");
    Files.writeString(file, """
        daemon off;
        pid %1$s/nginx.pid;
        error_log stderr;
        events { worker_connections 512; }
        http {
          access_log off;
          client_body_temp_path %1$s/body;
          proxy_temp_path %1$s/proxy;
          fastcgi_temp_path %1$s/fastcgi;
          uwsgi_temp_path %1$s/uwsgi;
          scgi_temp_path %1$s/scgi;
          %2$s
        }
        """.formatted(directory, site));
    nginx = new ProcessBuilder(program, "-p", directory.toString(), "-c", file.toString())
        .redirectErrorStream(true).redirectOutput(directory.resolve("nginx.log").toFile()).start();
  }

  private void configure() throws IOException {
    Path work = directory.resolve("work.sh");
    Files.writeString(work, """
        #!/bin/sh
        echo "$PPID" >> "$HEARTBEAT_ISSUES/working"
        sleep 1
        echo '{"result": "done", "summary": "Done, as asked."}' > "$HEARTBEAT_RESULT_FILE"
        """.replace("$HEARTBEAT_ISSUES", directory.toString()));
    Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createDirectories(directory.resolve("agents"));
    for (String name : AGENTS) {
      access.put(name, "access-key-of-" + name);
      String id = await(server.board().createAgent(company, name,
          Map.of("adapterType", "hermes_gateway", "adapterConfig", Map.of(
              "apiBaseUrl", "http://127.0.0.1:" + balancer, "apiKey", access.get(name), "timeoutSec", 0))))
          .path("id").asText();
      ids.put(name, id);
      Files.writeString(directory.resolve("agents").resolve(name + ".yaml"), """
          key: %s
          access-key: %s
          slots: 2
          worker: {name: shell, settings: {command: ["%s"]}}
          """.formatted(await(server.board().createKey(id)), access.get(name), work));
    }
    for (String node : NODES) {
      Files.writeString(directory.resolve(node + ".yaml"), """
          server: %s
          store: %s?lease=5s
          state-dir: %s/state-of-%s
          listen: {port: %d}
          limits: {drain: 1s}
          """.formatted(server.url(), database.url(), directory, node, ports.get(node)));
    }
  }

  private void start(String node) throws IOException {
    hosts.put(node,
        new ProcessBuilder(DistributionProcess.HOME.resolve("bin/heartbeat").toString(), "serve", "--config",
            directory.resolve(node + ".yaml").toString())
            .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log(node).toFile())).start());
  }

  private Path log(String node) {
    return directory.resolve(node + ".log");
  }

  @AfterEach
  void end() {
    List<Process> all = new ArrayList<>(hosts.values());
    if (nginx != null) {
      all.add(nginx);
    }
    all.forEach(Process::destroyForcibly);
    if (server != null) {
      await(server.close());
    }
    await(vertx.close());
  }

  @Test
  void a_host_that_is_killed_in_mid_work_leaves_no_issue_unsettled_and_every_run_is_told_by_those_that_are_left()
      throws IOException {
    List<String> issues = assigned(ISSUES_EACH);
    until("some are done", () -> issues.stream().filter(issue -> is(issue, "done")).count() >= 4);
    until("host-2 is at work", this::worksNow);

    Objects.requireNonNull(hosts.get("host-2")).destroyForcibly().onExit().join();

    until("every issue is settled", () -> issues.stream().allMatch(issue -> is(issue, "done") || is(issue, "blocked")));
    until("every run is over",
        () -> allRuns().stream().allMatch(run -> run.path("status").asText().equals("succeeded")));
    assertToldOnce(issues);
    assertThat(issues.stream().filter(issue -> is(issue, "blocked")).count()).isLessThanOrEqualTo(2L * AGENTS.size());

    start("host-2");
    until("host-2 is back", () -> status("host-2", "/readyz", "wren") == 200);
    for (JsonNode run : allRuns()) {
      String agent = nameOf(run.path("agentId").asText());
      for (String node : NODES) {
        assertThat(status(node, "/v1/runs/" + run.path("id").asText(), agent)).as(node).isEqualTo(200);
        assertThat(body(node, "/v1/runs/" + run.path("id").asText(), agent)).contains("\"completed\"");
      }
    }
  }

  /** As when its machine is suspended for longer than its lease: it answers nothing, and then goes on where it was. */
  @Test
  void a_host_that_sleeps_past_its_lease_loses_its_runs_to_the_others_and_writes_nothing_twice() throws Exception {
    List<String> issues = assigned(2);
    until("host-2 is at work", this::worksNow);

    signal("STOP");
    List<String> later = assigned(2);
    until("what came since is settled by the others", () -> later.stream().allMatch(issue -> is(issue, "done")));
    until("the others have taken over", () -> database("select count(*) from heartbeat4j.record r join"
        + " heartbeat4j.session s on s.id = r.session where r.name like '_runs/open/%' and s.lease_until < now()")
        .equals("0"));
    signal("CONT");

    issues.addAll(later);
    until("every issue is settled", () -> issues.stream().allMatch(issue -> is(issue, "done") || is(issue, "blocked")));
    until("every run is over",
        () -> allRuns().stream().allMatch(run -> run.path("status").asText().equals("succeeded")));
    assertToldOnce(issues);
  }

  private String database(String sql) {
    try {
      return database.query(sql);
    } catch (SQLException unreachable) {
      throw new IllegalStateException(unreachable);
    }
  }

  private void signal(String name) throws IOException, InterruptedException {
    long host = Objects.requireNonNull(hosts.get("host-2")).pid();
    assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(host)).start().waitFor()).isZero();
  }

  /** So many new issues for each agent. */
  private List<String> assigned(int each) {
    List<String> issues = new ArrayList<>();
    for (int i = 0; i < each; i++) {
      for (String agent : ids.values()) {
        issues.add(await(server.board().createIssue(
            company, "Issue " + ++issuesMade, Map.of("status", "todo", "assigneeAgentId", agent))).path("id").asText());
      }
    }
    return issues;
  }

  /** Done, or left to a person where a kill has cut off the work: told once, either way. */
  private void assertToldOnce(List<String> issues) {
    for (String issue : issues) {
      assertThat(agentComments(issue)).as(issue).hasSize(1);
      assertThat(is(issue, "done") || pendingCards(issue) == 1).as(issue).isTrue();
    }
  }

  /** Whether a child of the host is a worker. */
  private boolean worksNow() {
    return Objects.requireNonNull(hosts.get("host-2")).descendants().findAny().isPresent();
  }

  private String nameOf(String id) {
    return ids.entrySet().stream().filter(agent -> agent.getValue().equals(id)).findFirst().orElseThrow().getKey();
  }

  private boolean is(String issue, String status) {
    return await(server.board().readIssue(issue)).path("status").asText().equals(status);
  }

  private List<JsonNode> agentComments(String issue) {
    return list(await(server.board().comments(issue))).stream()
        .filter(comment -> comment.path("authorType").asText().equals("agent")).toList();
  }

  private long pendingCards(String issue) {
    return list(await(server.board().interactions(issue))).stream()
        .filter(card -> card.path("status").asText().equals("pending")).count();
  }

  private List<JsonNode> allRuns() {
    return ids.values().stream().flatMap(agent -> list(await(server.board().runs(company, agent))).stream()).toList();
  }

  private int status(String node, String path, String agent) {
    HttpResponse<String> answer = ask(node, path, agent);
    return answer == null ? 0 : answer.statusCode();
  }

  private String body(String node, String path, String agent) {
    return Objects.requireNonNull(ask(node, path, agent)).body();
  }

  private @Nullable HttpResponse<String> ask(String node, String path, String agent) {
    try {
      return client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports.get(node) + path))
          .version(HttpClient.Version.HTTP_1_1).header("authorization", "Bearer " + access.get(agent)).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException notThere) {
      return null;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private void until(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("waited " + LIMIT_SECONDS + " s until " + what + "; " + said());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
  }

  private String said() {
    StringBuilder all = new StringBuilder();
    for (Path log : Stream.concat(NODES.stream().map(this::log), Stream.of(directory.resolve("nginx.log"))).toList()) {
      try {
        List<String> lines = Files.readAllLines(log);
        all.append('\n').append(log.getFileName()).append(":\n")
            .append(String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size())));
      } catch (IOException none) {
        all.append("\nno ").append(log.getFileName());
      }
    }
    return all.toString();
  }

  private static List<JsonNode> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }

  /** Below those that the system gives to outgoing connections, of which one may have it before a host does. */
  private static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException taken) {
        // another one, then
      }
    }
  }
}
