import com.google.inject.Guice;
import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.client.ClientOptions;
import io.heartbeat4j.client.PaperclipClient;
import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.heartbeat.Heartbeat;
import io.heartbeat4j.heartbeat.HeartbeatModule;
import io.heartbeat4j.heartbeat.memory.AgentMemory;
import io.heartbeat4j.heartbeat.wake.WakeFacts;
import io.heartbeat4j.heartbeat.wake.WakeRequest;
import io.heartbeat4j.heartbeat.work.AgentSetup;
import io.heartbeat4j.heartbeat.work.CancellationSource;
import io.heartbeat4j.heartbeat.work.WorkLimits;
import io.heartbeat4j.host.AgentHost;
import io.heartbeat4j.host.HostDependencies;
import io.heartbeat4j.host.config.AgentConfiguration;
import io.heartbeat4j.host.config.HostConfiguration;
import io.heartbeat4j.host.config.HostLimits;
import io.heartbeat4j.host.config.HttpServerConfiguration;
import io.heartbeat4j.plugin.SettingsReader;
import io.heartbeat4j.plugin.WorkerRegistry;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.CompanyId;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.storage.HostFileStorage;
import io.heartbeat4j.worker.Secret;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.Worker;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/**
 * One figure of many agents in one JVM: {@code java -cp ... HostFigures.java FIGURE STUB_URL}. Prints "name number"
 * lines.
 */
public final class HostBenchmark {

  private static final int LANES = 2;
  private static final int AT_ONCE = 32;
  private static final int AGENTS = 15_000;

  /** At an agent's fifth wake with nothing new the loop breaker would put its issue to rest; the last one counts. */
  private static final int ROUNDS = 4;
  private static final int GROUPS = 5;

  private final Vertx vertx = Vertx.vertx(AgentHost.vertxOptions().setEventLoopPoolSize(LANES));
  private final ServerUrl url;
  private final Path state;

  private HostBenchmark(String url) throws Exception {
    this.url = ServerUrl.of(url);
    this.state = Files.createTempDirectory("host-figures");
  }

  public static void main(String[] args) throws Exception {
    HostBenchmark figures = new HostBenchmark(args[1]);
    switch (args[0]) {
      case "heap" -> figures.heapPerAgent();
      case "llm" -> figures.llmWorkers(Path.of(args[2]));
      case "idle" -> figures.idle();
      case "full" -> figures.full();
      case "blocked" -> figures.blocked(Integer.parseInt(args.length > 2 ? args[2] : "10000"));
      default -> throw new IllegalArgumentException(args[0]);
    }
    System.exit(0);
  }

  /** The heap of a host with 10,000 configured agents, less that of one without any. */
  private void heapPerAgent() throws Exception {
    int agents = 10_000;
    start(0, "none");
    long before = heap();
    AgentHost agentHost = start(agents, "many");
    long after = heap();
    print("heap-per-agent-bytes", (after - before) / agents);
    agentHost.stopNow();
  }

  /** What each further llm worker takes that has settings of its own, before its first call. */
  private void llmWorkers(Path plugins) throws Exception {
    int workers = 1_000;
    WorkerRegistry from = new WorkerRegistry(plugins, HostBenchmark.class.getClassLoader());
    List<Worker> all = new ArrayList<>(List.of(llm(from, "first")));
    long heap = heap();
    long classes = ManagementFactory.getClassLoadingMXBean().getTotalLoadedClassCount();
    int threads = Thread.activeCount();
    for (int i = 0; i < workers; i++) {
      all.add(llm(from, "model-" + i));
    }
    print("heap-per-llm-worker-bytes", (heap() - heap) / workers);
    print("classes-of-1000-more-llm-workers", ManagementFactory.getClassLoadingMXBean().getTotalLoadedClassCount() - classes);
    print("threads-of-1000-more-llm-workers", Thread.activeCount() - threads);
    for (Worker worker : all) {
      worker.close();
    }
  }

  private Worker llm(WorkerRegistry from, String model) {
    return from.create("llm", new SettingsReader(
        Map.of("model", Map.of("provider", "openai", "name", model, "api-key", "none-" + model), "workspace", state.toString()),
        Map.of(), "settings", secret -> { }));
  }

  private AgentHost start(int agents, String name) throws Exception {
    Worker worker = context -> new WorkResult.Done("done");
    List<AgentConfiguration> all = new ArrayList<>();
    for (int i = 0; i < agents; i++) {
      all.add(new AgentConfiguration(
          "agent-" + i, Optional.empty(), url, Optional.of(AgentToken.of("key-of-agent-" + i)),
          Optional.of(Secret.of("access-key-of-agent-" + i)), "w", () -> worker, Optional.empty(), WorkLimits.DEFAULT, Optional.empty(), 4,
          100, Optional.of(Duration.ofHours(1))));
    }
    HostConfiguration configuration = new HostConfiguration(
        Path.of("none"), Path.of("none"),
        new HttpServerConfiguration("127.0.0.1", 0, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
        new HostLimits(256, 10_000, Map.of(), Map.of(), 1_000, 1 << 20, Duration.ofSeconds(1)), state.resolve(name), all);
    return join(AgentHost.start(vertx, configuration, new HostDependencies(
        Clock.systemUTC(), new Random(), Redactor.of(List.of()), Map.of(), List.of(), List.of(), failure -> 70)));
  }

  private static long heap() throws InterruptedException {
    for (int i = 0; i < 5; i++) {
      System.gc();
      Thread.sleep(200);
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private void idle() throws Exception {
    beats("idle", 0, 500_000, context -> new WorkResult.Done("never")); // until then the compiler takes a third of the cores
    double[] figures = beats("idle", 0, 100_000, context -> new WorkResult.Done("never"));
    print("idle-heartbeats-per-second", Math.round(figures[0]));
    print("cpu-us-per-idle-heartbeat", Math.round(figures[1]));
  }

  private void full() throws Exception {
    double[] figures = {};
    for (int agents = 0; agents < GROUPS * AGENTS; agents += AGENTS) { // else the compiler is a tenth of it
      for (int round = 0; round < ROUNDS; round++) {
        figures = beats("key", agents, AGENTS, context -> new WorkResult.Done("Done."));
      }
    }
    print("full-heartbeats-per-second", Math.round(figures[0]));
    print("cpu-us-per-heartbeat", Math.round(figures[1]));
  }

  /** Heartbeats per second, and microseconds of this process' CPU for each. */
  private double[] beats(String token, int first, int count, Worker worker) throws Exception {
    HeartbeatLoad heartbeatLoad = new HeartbeatLoad(token, worker);
    CountDownLatch over = new CountDownLatch(count);
    AtomicInteger next = new AtomicInteger(first);
    long cpu = cpuNanos();
    long began = System.nanoTime();
    for (int i = 0; i < AT_ONCE; i++) {
      heartbeatLoad.beatOn(i, next, first + count, over);
    }
    over.await();
    double seconds = (System.nanoTime() - began) / 1e9;
    heartbeatLoad.complain();
    return new double[] {count / seconds, (cpuNanos() - cpu) / 1e3 / count};
  }

  /** Resident memory while so many workers wait at once. */
  private void blocked(int count) throws Exception {
    CountDownLatch started = new CountDownLatch(count);
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(count);
    HeartbeatLoad heartbeatLoad = new HeartbeatLoad("key", context -> {
      started.countDown();
      go.await();
      return new WorkResult.Done("Done.");
    });
    Semaphore room = new Semaphore(1_000); // of those that are on their way to their worker
    Thread.ofVirtual().start(() -> {
      long before = count;
      while (started.getCount() > 0) {
        long now = started.getCount();
        room.release((int) (before - now));
        before = now;
        Thread.onSpinWait();
        try {
          Thread.sleep(5);
        } catch (InterruptedException ended) {
          return;
        }
      }
    });
    for (int i = 0; i < count; i++) {
      room.acquire();
      heartbeatLoad.beat(i, over::countDown);
    }
    started.await();
    print("blocked-" + count + "-rss-mb", rssMb());
    go.countDown();
    over.await();
    heartbeatLoad.complain();
  }

  private static long rssMb() throws Exception {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1_024)
        .findFirst().orElse(-1);
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
  }

  /** Heartbeats of the recorded run, on every lane. */
  private final class HeartbeatLoad {

    private final Heartbeat heartbeat;
    private final PaperclipClient server = PaperclipClient.connect(vertx, url, ClientOptions.defaults().withPoolSize(64).withEventLoops(LANES));
    private final List<Context> lanes = IntStream.range(0, LANES).mapToObj(i -> lane()).toList();
    private final WakeRequest request;
    private final String token;
    private final Worker worker;
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicReference<Throwable> why = new AtomicReference<>();
    private final HostFileStorage storage;

    HeartbeatLoad(String token, Worker worker) throws Exception {
      storage = HostFileStorage.open(Files.createTempDirectory(state, "load"), List.of("journal"),
          write -> vertx.executeBlocking(Executors.callable(write), false), Clock.systemUTC()); // as a host has it
      heartbeat = Guice.createInjector(new HeartbeatModule(vertx, Clock.systemUTC(), Redactor.of(List.of())))
          .getInstance(Heartbeat.class);
      request = new WakeRequest(
          url, AgentToken.of(token), AgentId.of("e1116806-13e5-4181-ac2e-ff70c84e7e2a"),
          CompanyId.of("7b6b1e44-7362-4c24-b249-07fd6dcc167d"), RunId.of("272e30c3-72c3-4bea-bf20-60f30ed4d605"),
          WakeFacts.NONE, List.of());
      this.token = token;
      this.worker = worker;
    }

    /** Each heartbeat is another agent's, with a state of its own. */
    private AgentSetup setup(int number) {
      return new AgentSetup(
          () -> worker, WorkLimits.DEFAULT,
          new AgentMemory(storage.in("agents/of-" + token + number), state.resolve("workers"), warning -> { }), state);
    }

    private Context lane() {
      AtomicReference<Context> loop = new AtomicReference<>();
      join(vertx.deployVerticle(new io.vertx.core.VerticleBase() {
        @Override
        public Future<?> start() {
          loop.set(context);
          return Future.succeededFuture();
        }
      }));
      return loop.get();
    }

    void beat(int number, Runnable over) {
      lanes.get(number % LANES).runOnContext(go -> beatHere(number, over));
    }

    /** One heartbeat after the other on this lane, until there have been enough of them on all lanes. */
    void beatOn(int lane, AtomicInteger next, int end, CountDownLatch over) {
      lanes.get(lane % LANES).runOnContext(go -> {
        int number = next.getAndIncrement();
        if (number < end) {
          beatHere(number, () -> {
            over.countDown();
            beatOn(lane, next, end, over);
          });
        }
      });
    }

    private void beatHere(int number, Runnable over) {
      heartbeat.run(server, request, setup(number), new CancellationSource())
          .onFailure(failure -> {
            failed.incrementAndGet();
            why.compareAndSet(null, failure);
          })
          .onComplete(done -> over.run());
    }

    void complain() {
      if (failed.get() > 0) {
        throw new IllegalStateException(failed + " heartbeats failed", why.get());
      }
    }
  }

  private static <T> T join(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  private static void print(String name, long number) {
    System.out.println(name + " " + number);
  }
}
