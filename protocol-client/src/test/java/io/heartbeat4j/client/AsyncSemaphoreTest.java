package io.heartbeat4j.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AsyncSemaphoreTest {

  private static final int PERMITS = 3;

  private final Vertx vertx = Vertx.vertx();
  private final Scheduler scheduler = Scheduler.of(vertx, Clock.systemUTC()).onCurrentContext();
  private final AsyncSemaphore semaphore = new AsyncSemaphore(PERMITS);
  private final BlockingQueue<Promise<Integer>> running = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private Future<Integer> send() {
    return semaphore.withPermit(scheduler, () -> {
      Promise<Integer> request = Promise.promise();
      running.add(request);
      return request.future();
    });
  }

  private Promise<Integer> next() throws InterruptedException {
    Promise<Integer> request = running.poll(60, TimeUnit.SECONDS);
    assertThat(request).as("a request that is out").isNotNull();
    return request;
  }

  @Test
  void no_more_than_these_are_out_and_each_answer_goes_to_its_own_request() throws InterruptedException {
    List<Future<Integer>> answers = IntStream.range(0, 10).mapToObj(i -> send()).toList();

    for (int i = 0; i < 10; i++) {
      assertThat(running).hasSizeLessThanOrEqualTo(PERMITS);
      next().complete(i);
      assertThat(answers.get(i).toCompletionStage().toCompletableFuture().join()).isEqualTo(i);
    }

    assertThat(running).isEmpty();
  }

  @Test
  void one_that_fails_makes_room_for_the_next() throws InterruptedException {
    List<Future<Integer>> answers = IntStream.range(0, PERMITS + 1).mapToObj(i -> send()).toList();
    for (int i = 0; i < PERMITS; i++) {
      next().fail("gone");
    }
    next().complete(7);

    assertThat(answers.get(0).cause()).hasMessage("gone");
    assertThat(answers.get(PERMITS).toCompletionStage().toCompletableFuture().join()).isEqualTo(7);
  }
}
