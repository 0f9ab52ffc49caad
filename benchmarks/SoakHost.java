import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.heartbeat.work.WorkLimits;
import io.heartbeat4j.host.AgentHost;
import io.heartbeat4j.host.HostDependencies;
import io.heartbeat4j.host.config.AgentConfiguration;
import io.heartbeat4j.host.config.HostConfiguration;
import io.heartbeat4j.host.config.HostLimits;
import io.heartbeat4j.host.config.HttpServerConfiguration;
import io.heartbeat4j.host.run.HostedRun;
import io.heartbeat4j.host.run.RunListener;
import io.heartbeat4j.host.run.RunResult;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.worker.Secret;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.Worker;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * The host of a soak: each minute a line of what it takes. Most work is done; some fails, hangs until its limit, or
 * comes back later. Arguments: port, socket, file of the agents' keys, state directory, minutes.
 */
class SoakHost {

  private record Minute(long heapKb, long rssKb, long threads, long files, long runsKb) {}

  private static final AtomicInteger BEATS = new AtomicInteger();
  private static final LongAdder ACCEPTED = new LongAdder();
  private static final LongAdder ENDED = new LongAdder();
  private static final Map<String, LongAdder> WAYS = new java.util.concurrent.ConcurrentSkipListMap<>();

  public static void main(String[] args) throws Exception {
    List<String> lines = Files.readAllLines(Path.of(args[2]));
    List<AgentConfiguration> agents = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] agent = line.split(" ");
      agents.add(new AgentConfiguration(
          agent[0], Optional.empty(), ServerUrl.of(lines.get(0)), Optional.of(AgentToken.of(agent[1])), Optional.of(Secret.of(agent[2])),
          "soak", () -> worker(), Optional.empty(),
          new WorkLimits(Duration.ofSeconds(5), Duration.ZERO, Duration.ofMillis(200)), Optional.empty(), 4, 100,
          agent[0].startsWith("timer") ? Optional.of(Duration.ofSeconds(2)) : Optional.empty()));
    }
    Path state = Path.of(args[3]);
    HostConfiguration configuration = new HostConfiguration(
        Path.of("none"), Path.of("none"),
        new HttpServerConfiguration("127.0.0.1", Integer.parseInt(args[0]), Optional.empty(), Optional.empty(), Optional.of(Path.of(args[1])), Optional.empty()),
        new HostLimits(64, 10_000, Map.of(), Map.of(), 1_000, 1 << 20, Duration.ofSeconds(10)), state, agents);
    Vertx vertx = Vertx.vertx(AgentHost.vertxOptions());
    AgentHost agentHost = join(AgentHost.start(vertx, configuration, new HostDependencies(
        Clock.systemUTC(), new Random(), Redactor.of(List.of()), Map.of(), List.of(new Counting()), List.of(), failure -> 70)));
    List<Minute> minutes = new ArrayList<>();
    int count = Integer.parseInt(args[4]);
    System.out.println("minute heap-kb rss-kb threads files runs-file-kb runs-ended runs-live");
    for (int i = 1; i <= count; i++) {
      Thread.sleep(60_000);
      Minute now = new Minute(heap(), rss(), ManagementFactory.getThreadMXBean().getThreadCount(), files(),
          bytes(state.resolve("_segments")) / 1024);
      minutes.add(now);
      System.out.println(i + " " + now.heapKb() + " " + now.rssKb() + " " + now.threads() + " " + now.files() + " "
          + now.runsKb() + " " + ENDED.sum() + " " + (ACCEPTED.sum() - ENDED.sum()));
    }
    WAYS.forEach((way, runs) -> System.out.println("soak-runs-" + way + " " + runs.sum()));
    verdict(minutes);
    join(agentHost.drain(Duration.ofSeconds(10)));
    System.exit(0);
  }

  /** Half of the first third warms up. The last third may be a tenth above the second, or a megabyte. */
  private static void verdict(List<Minute> minutes) {
    int third = Math.max(1, minutes.size() / 3);
    List<Minute> second = minutes.subList(Math.max(0, minutes.size() - 2 * third), minutes.size() - third);
    List<Minute> last = minutes.subList(minutes.size() - third, minutes.size());
    double before = second.stream().mapToLong(Minute::heapKb).average().orElse(0);
    double after = last.stream().mapToLong(Minute::heapKb).average().orElse(0);
    System.out.println("soak-runs " + ENDED.sum());
    System.out.println("soak-heap-kb-second-third " + Math.round(before));
    System.out.println("soak-heap-kb-last-third " + Math.round(after));
    System.out.println("soak-rss-kb-last " + last.get(last.size() - 1).rssKb());
    System.out.println("soak-threads-last " + last.get(last.size() - 1).threads());
    System.out.println("soak-files-last " + last.get(last.size() - 1).files());
    boolean flat = after <= Math.max(before * 1.1, before + 1024);
    System.out.println(flat ? "memory was flat" : "memory was NOT flat");
  }

  private static Worker worker() {
    return context -> {
      context.run().reportProgress("Looking.");
      switch (BEATS.incrementAndGet() % 20) {
        case 0 -> throw new IllegalStateException("the work failed");
        case 1 -> new CountDownLatch(1).await();
        case 2, 3 -> {
          return new WorkResult.Later(Instant.now().plusSeconds(5), "the kiln is hot");
        }
        default -> Thread.sleep(50);
      }
      return new WorkResult.Done("Done, as asked.");
    };
  }

  private static final class Counting implements RunListener {
    @Override
    public void accepted(HostedRun run) {
      ACCEPTED.increment();
      WAYS.computeIfAbsent(run.facts().describeReason().contains("timer") ? "timer" : run.channel().name().toLowerCase(), way -> new LongAdder())
          .increment();
    }

    @Override
    public void ended(HostedRun run, RunResult result) {
      ENDED.increment();
    }
  }

  private static long bytes(Path directory) throws java.io.IOException {
    try (var files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private static long heap() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(100);
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1024;
  }

  private static long rss() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith("VmRSS"))
        .map(line -> line.replaceAll("[^0-9]", "")).mapToLong(Long::parseLong).findFirst().orElse(0);
  }

  private static long files() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }

  private static <T> T join(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }
}
