package io.heartbeat4j.client;

import static io.heartbeat4j.client.RawTcpServer.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.client.RawTcpServer.Response;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whose connection a request goes over. */
class EventLoopConnectionPoolTest {

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private Context loop() {
    CompletableFuture<Context> loop = new CompletableFuture<>();
    await(vertx.deployVerticle(new VerticleBase() {
      @Override
      public Future<?> start() {
        loop.complete(context);
        return Future.succeededFuture();
      }
    }));
    return loop.join();
  }

  /** The connections over which requests went that were made in turn on each of these loops. */
  private List<Integer> connections(int loopsOfTheClient, int poolSize, List<Context> loops) {
    try (RawTcpServer server = RawTcpServer.answering(vertx, request -> Response.json(200, "{\"status\":\"ok\"}"))) {
      PaperclipClient client = PaperclipClient.connect(
          vertx, server.url(), ClientOptions.defaults().withPoolSize(poolSize).withEventLoops(loopsOfTheClient));
      List<Integer> seen = new ArrayList<>();
      for (int round = 0; round < 2; round++) {
        for (Context loop : loops) {
          await(Future.future(done -> loop.runOnContext(go -> client.health().onComplete(done))));
          seen.add(server.requests().getLast().connection());
        }
      }
      await(client.close());
      return seen;
    }
  }

  @Test
  void each_loop_has_connections_of_its_own_and_keeps_them() {
    assertThat(connections(2, 8, List.of(loop(), loop()))).containsExactly(1, 2, 1, 2);
  }

  /** A pool of one: else a loop that asks before another one's connection is back in the pool opens a second one. */
  @Test
  void by_itself_a_client_shares_them_among_all_loops() {
    assertThat(connections(1, 1, List.of(loop(), loop()))).containsExactly(1, 1, 1, 1);
  }

  @Test
  void where_there_are_more_loops_than_it_was_told_they_share() {
    assertThat(connections(2, 2, List.of(loop(), loop(), loop()))).containsExactly(1, 2, 1, 1, 2, 1);
  }

  @Test
  void each_loop_has_one_connection_also_where_there_are_fewer_than_loops() {
    assertThat(connections(2, 1, List.of(loop(), loop()))).containsExactly(1, 2, 1, 2);
  }
}
