package io.heartbeat4j.host.observability;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.client.ClientOptions;
import io.heartbeat4j.client.PaperclipClient;
import io.heartbeat4j.client.ServerUrl;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServerOutagesTest {

  private static final String HEALTH = "{\"status\":\"ok\"}";

  private final Vertx vertx = Vertx.vertx();
  private final BlockingQueue<List<String>> told = new LinkedBlockingQueue<>();
  private final AtomicBoolean answers = new AtomicBoolean();
  private NetServer server = vertx.createNetServer();

  /** Accepts connections, and answers only when it is told to. */
  @BeforeEach
  void listen() {
    server = await(vertx.createNetServer().connectHandler(socket -> socket.handler(request -> {
      if (answers.get()) {
        socket.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + HEALTH.length()
            + "\r\n\r\n" + HEALTH);
      }
    })).listen(0, "127.0.0.1"));
  }

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @Test
  void a_server_that_accepts_and_never_answers_is_told_once_and_so_is_its_return() throws InterruptedException {
    String url = watch(Duration.ofMillis(300));

    assertThat(told.poll(30, TimeUnit.SECONDS)).containsExactly(url);

    answers.set(true);

    assertThat(told.poll(30, TimeUnit.SECONDS)).isEmpty();
  }

  @Test
  void a_silence_that_is_tolerated_is_not_told() throws InterruptedException {
    watch(Duration.ofHours(1));
    String other = watch(Duration.ofMillis(300));

    assertThat(told.poll(30, TimeUnit.SECONDS)).containsExactly(other);
    assertThat(told).isEmpty();
  }

  private String watch(Duration tolerated) {
    PaperclipClient client = PaperclipClient.connect(vertx, ServerUrl.of("http://127.0.0.1:" + server.actualPort()),
        ClientOptions.defaults().withTimeouts(Duration.ofMillis(100), Duration.ofMillis(100))
            .withBackOff(Duration.ofMillis(5), Duration.ofMillis(20)));
    ServerOutages outages = new ServerOutages(vertx, Clock.systemUTC(), () -> List.of(client), tolerated,
        Duration.ofMillis(20), told::add);
    vertx.runOnContext(go -> outages.watch());
    return client.url().toString();
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }
}
