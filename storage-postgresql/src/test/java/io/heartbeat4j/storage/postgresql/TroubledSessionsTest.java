package io.heartbeat4j.storage.postgresql;

import static io.heartbeat4j.storage.StorageContract.await;
import static io.heartbeat4j.storage.StorageContract.bytes;
import static io.heartbeat4j.storage.StorageContract.content;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.storage.ClaimLostException;
import io.heartbeat4j.storage.Storage;
import io.heartbeat4j.storage.StorageSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Three processes work on the same records while their clocks jump as if they had slept, and while their connections are
 * killed. What was acknowledged is there once. The lines of a record are in the order in which they were
 * made, since no process can write under a claim that another one has taken over.
 */
class TroubledSessionsTest {

  private static final Duration TIME = Duration.ofSeconds(6);
  private static final int RECORDS = 6;

  private final Map<String, Queue<Integer>> acknowledged = new ConcurrentHashMap<>();
  private final AtomicInteger lines = new AtomicInteger();
  private final AtomicInteger lost = new AtomicInteger();
  private volatile long end;

  @Test
  void what_was_acknowledged_is_there_once() throws Exception {
    TestDatabase database = TestDatabase.empty();
    List<AtomicLong> sleeps = IntStream.range(0, 3).mapToObj(i -> new AtomicLong()).toList();
    List<StorageSession> sessions = new ArrayList<>();
    for (AtomicLong each : sleeps) {
      sessions.add(await(database.open(database.url() + "?lease=2s", () -> System.nanoTime() + each.get())));
    }
    end = System.nanoTime() + TIME.toNanos();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Void>> tasks = new ArrayList<>();
      for (StorageSession each : sessions) {
        tasks.add(() -> work(each));
        tasks.add(() -> work(each));
      }
      tasks.add(() -> trouble(database, sleeps));
      for (Future<Void> each : threads.invokeAll(tasks)) {
        each.get();
      }
    }

    assertThat(acknowledged).as("records that were written").hasSize(RECORDS);
    for (Map.Entry<String, Queue<Integer>> each : acknowledged.entrySet()) {
      List<Integer> written = numbers(content(sessions.getFirst(), each.getKey()));
      assertThat(written).doesNotHaveDuplicates().isSorted().containsAll(each.getValue());
    }
    assertThat(lost).as("claims lost").hasPositiveValue();
    for (StorageSession each : sessions) {
      await(each.close());
    }
  }

  private Void work(Storage storage) {
    while (System.nanoTime() < end) {
      String name = "runs/" + lines.get() % RECORDS;
      Queue<Integer> own = acknowledged.computeIfAbsent(name, any -> new ConcurrentLinkedQueue<>());
      List<Integer> before = List.copyOf(own);
      Optional<Storage.Claim> claim = await(storage.claim(name));
      if (claim.isPresent()) {
        assertThat(numbers(new String(claim.get().content(), UTF_8))).containsAll(before);
        try {
          write(claim.get(), own);
        } catch (ClaimLostException e) {
          lost.incrementAndGet();
        }
      } else {
        lines.incrementAndGet();
      }
    }
    return null;
  }

  private void write(Storage.Claim claim, Queue<Integer> own) {
    for (int i = 0; i < 5; i++) {
      int line = lines.incrementAndGet();
      await(claim.append(bytes(line + "\n"), true));
      own.add(line);
    }
    await(claim.release());
  }

  private static List<Integer> numbers(String content) {
    return content.lines().map(Integer::valueOf).toList();
  }

  private Void trouble(TestDatabase database, List<AtomicLong> sleeps) throws Exception {
    Random random = new Random(1);
    while (System.nanoTime() < end) {
      if (random.nextBoolean()) {
        sleeps.get(random.nextInt(sleeps.size())).addAndGet(TimeUnit.SECONDS.toNanos(3));
      } else {
        database.query("select pg_terminate_backend(pid) from pg_stat_activity"
            + " where application_name like 'heartbeat4j%' order by random() limit 3");
      }
      Thread.sleep(200);
    }
    return null;
  }
}
