package io.heartbeat4j.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Plays what benchmarks/adapter says, and counts. Exits with 1 where something is not as it should be. */
final class AdapterScenarios {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration STANDSTILL = Duration.ofSeconds(60);

  private final Path directory;

  private AdapterScenarios(Path directory) {
    this.directory = directory;
  }

  public static void main(String[] args) throws IOException {
    AdapterScenarios scenarios = new AdapterScenarios(Path.of(args[0]));
    Instant begun = Instant.now();
    boolean asItShouldBe = switch (args[1]) {
      case "fleet" -> scenarios.fleet(Integer.parseInt(args[2]), Integer.parseInt(args[3]));
      case "away" -> scenarios.away(Duration.ofSeconds(Long.parseLong(args[2])));
      case "server-kill" -> scenarios.serverKill(Duration.ofMinutes(Long.parseLong(args[2])));
      case "log" -> scenarios.log();
      default -> throw new IllegalArgumentException("there is no scenario " + args[1]);
    };
    System.out.println("seconds                    " + Duration.between(begun, Instant.now()).toSeconds());
    System.exit(asItShouldBe ? 0 : 1);
  }

  /**
   * Three kills and a standstill of the host and a kill of the server, spread over the issues. A server that is stopped by
   * SIGTERM leaves the issues of all its runs to the board itself, whatever their adapter.
   */
  private boolean fleet(int agents, int issues) throws IOException {
    try (AdapterScene scene = new AdapterScene(directory, "sleep 6", agents)) {
      scene.host.start();
      CompletableFuture<Void> assigned = CompletableFuture.runAsync(() -> scene.assign(issues));
      for (int kill = 1; kill <= 3; kill++) {
        awaitBegun(scene, issues * kill / 6);
        scene.host.kill();
        scene.host.start();
        System.out.println("host killed                after " + scene.begun().size() + " issues were begun");
      }
      awaitBegun(scene, issues * 4 / 6);
      scene.host.signal("STOP");
      System.out.println("host stopped               after " + scene.begun().size() + " issues were begun");
      AdapterScene.pause(STANDSTILL);
      scene.host.signal("CONT");
      assigned.join();
      awaitBegun(scene, issues * 5 / 6);
      System.out.println("server killed              after " + scene.begun().size() + " issues were begun");
      scene.killServer();
      scene.restartServer();
      scene.awaitSettled();
      return AdapterReport.print(scene);
    }
  }

  /** Issues whose host was killed before their work began are never begun. */
  private static void awaitBegun(AdapterScene scene, int count) {
    Await.until(count + " are begun", scene::begun, () -> scene.begun().size() >= count || scene.isSettled());
  }

  /** The host is started so long after the issue was assigned. */
  private boolean away(Duration time) throws IOException {
    try (AdapterScene scene = new AdapterScene(directory, "", 1)) {
      scene.assign(1);
      AdapterScene.pause(time);
      scene.host.start();
      scene.awaitSettled();
      return AdapterReport.print(scene);
    }
  }

  /** The server is killed a few seconds after the work began, and started again: within its claim of 60 s, or it ends the run. */
  private boolean serverKill(Duration work) throws IOException {
    try (AdapterScene scene = new AdapterScene(directory, "sleep " + work.toSeconds(), 1)) {
      scene.host.start();
      scene.assign(1);
      scene.awaitWork();
      AdapterScene.pause(Duration.ofSeconds(5));
      scene.killServer();
      Instant killed = Instant.now();
      scene.restartServer();
      System.out.println("server away                " + Duration.between(killed, Instant.now()).toSeconds() + " s");
      scene.awaitSettled();
      return AdapterReport.print(scene);
    }
  }

  /** Three runs with 10 MB of output each, read back from the server. */
  private boolean log() throws IOException {
    int lines = 100_000;
    String line = "x".repeat(90);
    try (AdapterScene scene = new AdapterScene(directory, "seq -f '%08.0f " + line + "' " + lines, 1)) {
      scene.host.start();
      System.out.println("host's memory              " + memory(scene.host) + " MB before");
      boolean whole = true;
      for (int run = 1; run <= 3; run++) {
        scene.assign(1);
        long[] most = {0};
        Await.until("the log is written", scene.host::log, () -> {
          most[0] = Math.max(most[0], memory(scene.host));
          return scene.board.issueStatus(scene.issues.getLast()).equals("done");
        });
        scene.awaitSettled();
        long read = lines(scene, scene.board.runs(scene.agents.getFirst()).getFirst().path("id").asText());
        whole &= read == lines;
        System.out
            .println("lines of the run           " + read + " whole and in order, host's memory at most " + most[0]
                + " MB, then " + memory(scene.host));
      }
      return AdapterReport.print(scene) && whole;
    }
  }

  /** How many numbered lines the server's log of the run has, each following the one before; -1 where one is missing. */
  private static long lines(AdapterScene scene, String run) throws IOException {
    StringBuilder records = new StringBuilder();
    long next = 0;
    do {
      JsonNode page = scene.board.get("/heartbeat-runs/" + run + "/log?limitBytes=250000&offset=" + next);
      records.append(page.path("content").asText());
      next = page.path("nextOffset").asLong(-1);
    } while (next > 0);
    StringBuilder text = new StringBuilder();
    for (String each : records.toString().split("\n")) {
      JsonNode entry = JSON.readTree(each);
      if (entry.path("stream").asText().equals("stdout")) {
        text.append(entry.path("chunk").asText());
      }
    }
    long count = 0;
    for (String each : (Iterable<String>) Stream.of(text.toString().split("\n"))
        .filter(found -> found.matches("\\d{8} x+"))::iterator) {
      if (Long.parseLong(each.substring(0, 8)) != ++count) {
        return -1;
      }
    }
    return count;
  }

  /** Resident memory in MB. */
  private static long memory(HostProcess host) {
    try (Stream<String> status = Files.lines(Path.of("/proc/" + host.pid() + "/status"))) {
      return status.filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024).findFirst().orElse(0);
    } catch (IOException gone) {
      return 0;
    }
  }
}
