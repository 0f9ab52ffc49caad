import com.google.inject.Guice;
import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.client.ClientOptions;
import io.heartbeat4j.client.PaperclipClient;
import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.heartbeat.Heartbeat;
import io.heartbeat4j.heartbeat.HeartbeatModule;
import io.heartbeat4j.heartbeat.memory.AgentMemory;
import io.heartbeat4j.storage.FileStorage;
import io.heartbeat4j.heartbeat.wake.WakeFacts;
import io.heartbeat4j.heartbeat.wake.WakeRequest;
import io.heartbeat4j.heartbeat.work.AgentSetup;
import io.heartbeat4j.heartbeat.work.CancellationSource;
import io.heartbeat4j.heartbeat.work.WorkLimits;
import io.heartbeat4j.plugin.SettingsReader;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.CompanyId;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.worker.Worker;
import io.heartbeat4j.worker.llm.LlmWorkerFactory;
import io.vertx.core.Vertx;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What one call of a model costs this process in CPU: {@code java -cp ... ModelCall.java STUB_URL MODEL_URL CALLS
 * ROUNDS}. A round is a whole heartbeat with CALLS calls, each of which reads a file; its cost is all of the process,
 * the heartbeat around it, the garbage collector and what the compiler still does included. Prints "name number" lines,
 * of the later half.
 */
public final class ModelCallBenchmark {

  private ModelCallBenchmark() {}

  public static void main(String[] args) throws Exception {
    try {
      measure(args);
      System.exit(0);
    } catch (Exception failed) {
      failed.printStackTrace();
      System.exit(1);
    }
  }

  private static void measure(String[] args) throws Exception {
    ServerUrl url = ServerUrl.of(args[0]);
    int calls = Integer.parseInt(args[2]);
    int rounds = Integer.parseInt(args[3]);
    Path directory = Files.createTempDirectory("model-call");
    Path workspace = Files.createDirectories(directory.resolve("workspace"));
    for (int i = 0; i < calls; i++) {
      Files.writeString(workspace.resolve("file-" + i), "    a line of a program;\n".repeat(60));
    }
    Redactor redactor = Redactor.of(List.of());
    Worker worker = new LlmWorkerFactory().create(new SettingsReader(Map.of(
        "model", Map.of("provider", "openai", "name", "m", "base-url", args[1] + "/v1", "api-key", "a-key-for-the-stub"),
        "prices", Map.of("m", "1, 1, 1"), "workspace", workspace.toString()), Map.of(), "worker", redactor::register));
    Vertx vertx = Vertx.vertx();
    Heartbeat heartbeat = Guice.createInjector(new HeartbeatModule(vertx, Clock.systemUTC(), redactor)).getInstance(Heartbeat.class);
    PaperclipClient server = PaperclipClient.connect(vertx, url, ClientOptions.defaults());
    WakeRequest request = new WakeRequest(url, AgentToken.of("key"), AgentId.of("e1116806-13e5-4181-ac2e-ff70c84e7e2a"),
        CompanyId.of("7b6b1e44-7362-4c24-b249-07fd6dcc167d"), RunId.of("272e30c3-72c3-4bea-bf20-60f30ed4d605"), WakeFacts.NONE,
        List.of());
    double[] millis = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      Path state = Files.createDirectories(directory.resolve("state-" + round));
      AgentSetup setup = new AgentSetup(() -> worker, WorkLimits.DEFAULT,
          AgentMemory.of(new FileStorage(state, Runnable::run, Clock.systemUTC()), state, url, request.company(), request.agent(), warning -> { }), state);
      long before = cpuNanos();
      var outcome = io.vertx.core.Future.<Object>future(promise -> vertx.runOnContext(go ->
          heartbeat.run(server, request, setup, new CancellationSource()).<Object>map(ended -> ended).onComplete(promise)))
          .toCompletionStage().toCompletableFuture().join();
      millis[round] = (cpuNanos() - before) / 1e6 / calls;
      if (!String.valueOf(outcome).contains("done")) {
        throw new IllegalStateException("round " + round + ": " + outcome);
      }
    }
    System.out.printf("first-round-cpu-ms-per-call %.2f%n", millis[0]);
    double[] warm = Arrays.copyOfRange(millis, rounds / 2, rounds);
    Arrays.sort(warm);
    System.out.printf("model-call-cpu-ms %.2f%n", warm[warm.length / 2]);
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
  }
}
