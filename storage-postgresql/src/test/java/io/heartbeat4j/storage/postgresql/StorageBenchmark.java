package io.heartbeat4j.storage.postgresql;

import io.heartbeat4j.storage.Storage;
import io.heartbeat4j.storage.StorageContract;
import io.heartbeat4j.storage.StorageSession;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** How many records a second one process claims, appends to twice, and deletes. Not a test. */
final class StorageBenchmark {

  private static final int CONCURRENT = 200;
  private static final byte[] LINE = new byte[300];

  private StorageBenchmark() {}

  /** Prints the number. */
  public static void main(String... arguments) throws Exception {
    StorageSession session = StorageContract.await(TestDatabase.empty().open());
    rounds(session, 2_000);
    int rounds = 10_000;
    long start = System.nanoTime();
    rounds(session, rounds);
    double seconds = Duration.ofNanos(System.nanoTime() - start).toMillis() / 1_000.0;
    System.out.println(String.format(Locale.ROOT, "%.0f a second: claim, two appends, delete; %d at a time",
        rounds / seconds, CONCURRENT));
    StorageContract.await(session.close());
    System.exit(0);
  }

  private static void rounds(StorageSession session, int rounds) throws InterruptedException {
    AtomicInteger next = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(CONCURRENT);
    for (int i = 0; i < CONCURRENT; i++) {
      one(session, next, rounds, done);
    }
    done.await();
  }

  private static void one(StorageSession session, AtomicInteger next, int rounds, CountDownLatch done) {
    int number = next.getAndIncrement();
    if (number >= rounds) {
      done.countDown();
      return;
    }
    session.claim("runs/" + number).map(claim -> claim.orElseThrow())
        .compose(claim -> twice(claim).compose(none -> claim.delete())).onComplete(result -> {
          if (result.failed()) {
            System.out.println("failed: " + result.cause());
          }
          one(session, next, rounds, done);
        });
  }

  private static Future<Void> twice(Storage.Claim claim) {
    return claim.append(LINE, true).compose(none -> claim.append(LINE, true));
  }
}
