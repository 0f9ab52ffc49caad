import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.cli.demo.BoardClient;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** Plays what several-hosts says, and counts. */
final class SeveralHosts {

  private static final int HOSTS = 3;
  private static final Duration BETWEEN_KILLS = Duration.ofSeconds(20);
  private static final Duration STANDSTILL = Duration.ofSeconds(40);
  private static final Duration LIMIT = Duration.ofMinutes(20);

  private final String server;
  private final String store;
  private final Path home;
  private final Path work;
  private final int[] ports = new int[HOSTS];
  private final Process[] hosts = new Process[HOSTS];
  private final List<String> agents = new ArrayList<>();
  private final BoardClient board;
  private final int balancer = freePort();
  private int kills;

  private SeveralHosts(String server, String store, Path home, Path work) throws IOException {
    this.server = server;
    this.store = store;
    this.home = home;
    this.work = work;
    this.board = BoardClient.createCompany(server, "Several hosts");
  }

  public static void main(String[] args) throws Exception {
    SeveralHosts play = new SeveralHosts(args[0], args[1], Path.of(args[2]), Path.of(args[4]));
    Process nginx = play.configure(Path.of(args[3]), Integer.parseInt(args[5]), Integer.parseInt(args[7]));
    try {
      System.exit(play.run(Integer.parseInt(args[6])) ? 0 : 1);
    } finally {
      nginx.destroyForcibly();
      for (Process host : play.hosts) {
        host.destroyForcibly();
      }
    }
  }

  private Process configure(Path page, int count, int seconds) throws IOException {
    Path script = work.resolve("work.sh");
    Files.writeString(script, """
        #!/bin/sh
        echo "$PAPERCLIP_TASK_ID" >> %s/worked
        sleep %d
        echo '{"result": "done", "summary": "Done, as asked."}' > "$HEARTBEAT_RESULT_FILE"
        """.formatted(work, seconds));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < count; i++) {
      String access = "access-" + UUID.randomUUID();
      String id = board.post("/companies/" + board.company() + "/agents", Map.of("name", "agent-" + i, "role", "engineer",
          "adapterType", "hermes_gateway", "adapterConfig",
          Map.of("apiBaseUrl", "http://127.0.0.1:" + balancer, "apiKey", access, "timeoutSec", 0))).path("id").asText();
      String key = board.post("/agents/" + id + "/keys", Map.of("name", "host")).path("token").asText();
      agents.add(id);
      all.append("  agent-%d: {id: %s, key: \"%s\", access-key: %s, slots: 2, worker: {name: shell, settings: {command: [\"%s\"]}}}%n"
          .formatted(i, id, key, access, script));
    }
    String site = Files.readString(page);
    site = site.substring(site.indexOf("```nginx\n") + "```nginx\n".length());
    site = site.substring(0, site.indexOf("```")).replace("listen 8080;", "listen 127.0.0.1:" + balancer + ";");
    for (int host = 0; host < HOSTS; host++) {
      ports[host] = freePort();
      site = site.replace("10.0.0." + (host + 1) + ":8787", "127.0.0.1:" + ports[host]);
      Files.writeString(work.resolve("host-" + host + ".yaml"), """
          server: %s
          store: %s
          state-dir: %s/state-%d
          listen: {port: %d}
          limits: {drain: 1s}
          agents:
          %s""".formatted(server, store, work, host, ports[host], all));
      start(host);
    }
    for (int host = 0; host < HOSTS; host++) {
      awaitReady(host);
    }
    Files.writeString(work.resolve("nginx.conf"), """
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
        """.formatted(work, site));
    return new ProcessBuilder("/usr/sbin/nginx", "-p", work.toString(), "-c", work.resolve("nginx.conf").toString())
        .redirectErrorStream(true).redirectOutput(work.resolve("nginx.log").toFile()).start();
  }

  private void start(int host) throws IOException {
    hosts[host] = new ProcessBuilder(home.resolve("bin/heartbeat").toString(), "serve", "--config",
        work.resolve("host-" + host + ".yaml").toString()).redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(work.resolve("host-" + host + ".log").toFile())).start();
  }

  private void awaitReady(int host) throws IOException {
    for (int attempt = 0; attempt < 300; attempt++) {
      try {
        if (HttpClient.newHttpClient().send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports[host] + "/readyz"))
                .version(HttpClient.Version.HTTP_1_1).build(),
            HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
      } catch (IOException notYet) {
        // it is starting
      } catch (InterruptedException ended) {
        throw new IOException(ended);
      }
      pause(Duration.ofMillis(200));
    }
    throw new IOException("host " + host + " is not ready:\n" + Files.readString(work.resolve("host-" + host + ".log")));
  }

  private boolean run(int count) throws Exception {
    List<String> issues = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      issues.add(board.createAssignedIssue("Issue " + i, agents.get(i % agents.size())));
    }
    Instant begun = Instant.now();
    Instant nextKill = begun.plus(BETWEEN_KILLS);
    boolean stoodStill = false;
    while (!isSettled(issues) && Instant.now().isBefore(begun.plus(LIMIT))) {
      if (Instant.now().isAfter(nextKill)) {
        int host = kills % HOSTS;
        if (!stoodStill && kills == 1) {
          stoodStill = true;
          signal("STOP", host);
          pause(STANDSTILL);
          signal("CONT", host);
        } else {
          hosts[host].destroyForcibly().waitFor();
          pause(Duration.ofSeconds(2));
          start(host);
        }
        kills++;
        nextKill = Instant.now().plus(BETWEEN_KILLS);
      }
      pause(Duration.ofSeconds(1));
    }
    return report(issues, Duration.between(begun, Instant.now()));
  }

  private void signal(String name, int host) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, String.valueOf(hosts[host].pid())).inheritIO().start().waitFor();
  }

  private boolean isSettled(List<String> issues) {
    return issues.stream().allMatch(issue -> List.of("done", "blocked").contains(board.issueStatus(issue)))
        && agents.stream().allMatch(agent -> board.runs(agent).stream()
            .noneMatch(run -> List.of("queued", "running").contains(run.path("status").asText())));
  }

  private boolean report(List<String> issues, Duration took) throws IOException {
    Map<String, Integer> states = new TreeMap<>();
    Map<Integer, Integer> comments = new TreeMap<>();
    int parked = 0;
    for (String issue : issues) {
      JsonNode now = board.issue(issue);
      long cards = board.interactions(issue).stream().filter(card -> card.path("status").asText().equals("pending")).count();
      String state = now.path("status").asText();
      states.merge(state.equals("blocked") && cards == 1 ? "blocked with a card" : state, 1, Integer::sum);
      comments.merge(board.agentComments(issue).size(), 1, Integer::sum);
      parked += now.path("executionBlocker").isNull() && now.path("activeRecoveryAction").isNull() ? 0 : 1;
    }
    Map<String, Integer> worked = new HashMap<>();
    Files.readAllLines(work.resolve("worked")).forEach(issue -> worked.merge(issue, 1, Integer::sum));
    Map<String, Integer> runs = new TreeMap<>();
    agents.forEach(agent -> board.runs(agent).forEach(run -> runs.merge(run.path("status").asText(), 1, Integer::sum)));
    long twice = worked.values().stream().filter(times -> times > 1).count();
    System.out.println("issues                     " + issues.size() + ", agents " + agents.size() + ", hosts " + HOSTS);
    System.out.println("hosts killed or stopped    " + kills + " in " + took.toSeconds() + " s");
    System.out.println("issues by state            " + states);
    System.out.println("issues by agent's comments " + comments);
    System.out.println("issues worked twice        " + twice);
    System.out.println("issues parked for a person " + parked);
    System.out.println("runs by status             " + runs);
    return states.keySet().stream().allMatch(List.of("done", "blocked with a card")::contains)
        && comments.keySet().equals(java.util.Set.of(1)) && twice == 0 && parked == 0;
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException ended) {
      throw new IllegalStateException(ended);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
