import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.internal.VertxInternal;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * What the machine takes for a full heartbeat's four requests alone: {@code java -cp ... PlainCalls.java STUB_PORT}.
 * Vert.x's client sends them as they are and throws the answers away; nothing is read, decided or kept. Prints "name
 * number".
 */
public final class PlainRequestBenchmark {

  private static final int LANES = 2;
  private static final int AT_ONCE = 32;
  private static final int COUNT = 20_000;
  private static final int WARM_UP = 5;
  private static final String ID = "272e30c3-72c3-4bea-bf20-60f30ed4d605";
  private static final List<Call> CALLS = List.of(
      new Call(HttpMethod.GET, "/api/heartbeat-runs/" + ID, ""),
      new Call(HttpMethod.POST, "/api/issues/" + ID + "/checkout",
          "{\"agentId\":\"" + ID + "\",\"expectedStatuses\":[\"todo\",\"backlog\",\"blocked\",\"in_review\"]}"),
      new Call(HttpMethod.GET, "/api/issues/" + ID + "/heartbeat-context", ""),
      new Call(HttpMethod.PATCH, "/api/issues/" + ID, "{\"status\":\"done\",\"comment\":\"Done.\"}"));

  private record Call(HttpMethod method, String path, String body) {}

  /** An event loop and its connections. */
  private record Lane(Context loop, HttpClient client) {}

  private final List<Lane> lanes;

  private PlainRequestBenchmark(int port) {
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(LANES));
    HttpClientOptions options = new HttpClientOptions()
        .setDefaultHost("127.0.0.1").setDefaultPort(port).setDecompressionSupported(true);
    this.lanes = IntStream.range(0, LANES)
        .mapToObj(i -> new Lane(((VertxInternal) vertx).createEventLoopContext(),
            vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(AT_ONCE))))
        .toList();
  }

  public static void main(String[] args) throws Exception {
    PlainRequestBenchmark calls = new PlainRequestBenchmark(Integer.parseInt(args[0]));
    for (int i = 0; i < WARM_UP; i++) {
      calls.cpuMicros();
    }
    System.out.println("cpu-us-per-plain-calls " + Math.round(calls.cpuMicros()));
    System.exit(0);
  }

  private double cpuMicros() throws InterruptedException {
    CountDownLatch over = new CountDownLatch(COUNT);
    AtomicInteger next = new AtomicInteger();
    long before = cpuNanos();
    for (int i = 0; i < AT_ONCE; i++) {
      goOn(lanes.get(i % LANES), next, over);
    }
    over.await();
    return (cpuNanos() - before) / 1e3 / COUNT;
  }

  private static void goOn(Lane lane, AtomicInteger next, CountDownLatch over) {
    lane.loop().runOnContext(go -> {
      if (next.getAndIncrement() < COUNT) {
        Future<?> all = Future.succeededFuture();
        for (Call call : CALLS) {
          all = all.compose(before -> send(lane.client(), call));
        }
        all.onFailure(PlainRequestBenchmark::giveUp).onComplete(done -> {
          over.countDown();
          goOn(lane, next, over);
        });
      }
    });
  }

  private static Future<Buffer> send(HttpClient client, Call call) {
    return client.request(call.method(), call.path())
        .compose(request -> request.putHeader("authorization", "Bearer key").putHeader("x-paperclip-run-id", ID)
            .putHeader("content-type", "application/json").send(call.body()))
        .compose(HttpClientResponse::body);
  }

  private static void giveUp(Throwable failure) {
    failure.printStackTrace();
    System.exit(1);
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
  }
}
