package io.heartbeat4j.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every storage has to do. Each test begins with an empty one. */
public abstract class StorageContract {

  private final List<StorageSession> sessions = new ArrayList<>();

  /** A new process' session on the test's data. */
  protected abstract StorageSession open() throws Exception;

  protected final StorageSession session() {
    try {
      StorageSession session = open();
      sessions.add(session);
      return session;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterEach
  void close_sessions() {
    sessions.forEach(each -> await(each.close()));
  }

  @Test
  void a_claim_is_exclusive_within_a_session() {
    Storage storage = session();
    claimed(storage, "runs/a");
    assertThat(await(storage.claim("runs/a"))).isEmpty();
  }

  @Test
  void a_claim_is_exclusive_between_sessions() {
    claimed(session(), "runs/a");
    StorageSession other = session();
    assertThat(await(other.claim("runs/a"))).isEmpty();
    assertThat(await(other.claim("runs/b"))).isPresent();
  }

  @Test
  void a_claim_creates_an_empty_record() {
    Storage storage = session();
    assertThat(claimed(storage, "runs/a").content()).isEmpty();
    assertThat(await(storage.list("runs"))).containsExactly("runs/a");
  }

  @Test
  void release_keeps_the_record_and_ends_the_claim() {
    Storage one = session();
    Storage two = session();
    Storage.Claim claim = claimed(one, "runs/a");
    await(claim.append(bytes("x"), true));
    await(claim.release());
    assertThat(claimed(two, "runs/a").content()).isEqualTo(bytes("x"));
  }

  @Test
  void delete_removes_the_record_and_ends_the_claim() {
    Storage one = session();
    Storage two = session();
    Storage.Claim claim = claimed(one, "runs/a");
    await(claim.append(bytes("x"), true));
    await(claim.delete());
    assertThat(await(one.read("runs/a"))).isEmpty();
    assertThat(await(one.list("runs"))).isEmpty();
    assertThat(claimed(two, "runs/a").content()).isEmpty();
  }

  @Test
  void closing_the_session_ends_its_claims_and_keeps_the_records() {
    StorageSession one = session();
    StorageSession two = session();
    await(claimed(one, "runs/a").append(bytes("x"), false));
    claimed(one, "runs/b");
    await(one.close());
    assertThat(claimed(two, "runs/a").content()).isEqualTo(bytes("x"));
    assertThat(claimed(two, "runs/b").content()).isEmpty();
  }

  @Test
  void a_session_can_claim_again_what_it_has_released() {
    Storage storage = session();
    await(claimed(storage, "runs/a").release());
    Storage.Claim again = claimed(storage, "runs/a");
    await(again.append(bytes("x"), true));
    assertThat(content(storage, "runs/a")).isEqualTo("x");
  }

  @Test
  void a_claim_tells_its_name_and_content() {
    Storage storage = session();
    await(storage.replace("runs/a", bytes("before")));
    Storage.Claim claim = claimed(storage, "runs/a");
    assertThat(claim.name()).isEqualTo("runs/a");
    assertThat(claim.content()).isEqualTo(bytes("before"));
  }

  @Test
  void appends_of_a_claim_stay_in_order() {
    Storage storage = session();
    Storage.Claim claim = claimed(storage, "runs/a");
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      await(claim.append(bytes(i + "\n"), i % 3 == 0));
      expected.append(i).append('\n');
    }
    assertThat(content(storage, "runs/a")).isEqualTo(expected.toString());
    assertThat(claim.content()).as("at the time of the claim").isEmpty();
  }

  @Test
  void a_claim_continues_a_record_of_another_session() {
    StorageSession one = session();
    await(claimed(one, "runs/a").append(bytes("1"), true));
    await(one.close());
    StorageSession two = session();
    await(claimed(two, "runs/a").append(bytes("2"), true));
    assertThat(content(two, "runs/a")).isEqualTo("12");
  }

  @Test
  void nothing_changes_after_release() {
    Storage storage = session();
    Storage.Claim claim = claimed(storage, "runs/a");
    await(claim.append(bytes("x"), true));
    await(claim.release());
    assertLost(claim);
    assertThat(content(storage, "runs/a")).isEqualTo("x");
  }

  @Test
  void nothing_changes_under_an_ended_claim_when_the_same_session_has_claimed_anew() {
    Storage storage = session();
    Storage.Claim old = claimed(storage, "runs/a");
    await(old.release());
    Storage.Claim own = claimed(storage, "runs/a");
    assertLost(old);
    await(own.append(bytes("x"), true));
    assertThat(content(storage, "runs/a")).isEqualTo("x");
  }

  @Test
  void nothing_changes_after_delete() {
    Storage storage = session();
    Storage.Claim claim = claimed(storage, "runs/a");
    await(claim.delete());
    assertLost(claim);
    assertThat(await(storage.read("runs/a"))).isEmpty();
  }

  @Test
  void nothing_changes_after_the_session_is_closed() {
    StorageSession one = session();
    Storage.Claim claim = claimed(one, "runs/a");
    await(claim.append(bytes("x"), true));
    await(one.close());
    assertLost(claim);
    assertThat(content(session(), "runs/a")).isEqualTo("x");
  }

  @Test
  void list_shows_the_records_of_the_folder_alone_in_order() {
    Storage storage = session();
    for (String each : List.of("runs/b", "runs/a", "runs/a-1", "runs/sub/c", "runsx/d", "runs0", "top", "run/e")) {
      await(storage.replace(each, bytes("x")));
    }
    assertThat(await(storage.list("runs"))).containsExactly("runs/a", "runs/a-1", "runs/b");
    assertThat(await(storage.list("runs/sub"))).containsExactly("runs/sub/c");
    assertThat(await(storage.list("none"))).isEmpty();
  }

  @Test
  void names_may_have_dots_and_dashes() {
    Storage storage = session();
    List<String> names = List.of("f.1/a-b.c", "f.1/a.b", "f.1/a.b-c", "f.1/a_b");
    for (String each : names) {
      await(claimed(storage, each).append(bytes(each), true));
    }
    assertThat(await(storage.list("f.1"))).containsExactlyElementsOf(names);
    for (String each : names) {
      assertThat(content(storage, each)).isEqualTo(each);
    }
  }

  @Test
  void a_missing_record_reads_as_empty() {
    assertThat(await(session().read("runs/none"))).isEmpty();
  }

  @Test
  void replace_is_seen_by_others() {
    Storage one = session();
    Storage two = session();
    await(one.replace("cache/a", bytes("a longer one")));
    assertThat(content(two, "cache/a")).isEqualTo("a longer one");
    await(two.replace("cache/a", bytes("short")));
    assertThat(content(one, "cache/a")).isEqualTo("short");
  }

  @Test
  void content_may_be_any_bytes() {
    Storage storage = session();
    byte[] all = new byte[70_000];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) (i * 31 + i / 256);
    }
    await(storage.replace("cache/a", all));
    await(storage.append("cache/a", all));
    byte[] twice = await(storage.read("cache/a")).orElseThrow();
    assertThat(twice).hasSize(2 * all.length).startsWith(all).endsWith(all);
  }

  @Test
  void append_creates_the_record_and_adds_to_it() {
    Storage one = session();
    Storage two = session();
    await(one.append("log/a", bytes("1\n")));
    await(two.append("log/a", bytes("2\n")));
    await(one.append("log/a", bytes("2\n")));
    assertThat(content(one, "log/a")).isEqualTo("1\n2\n2\n");
  }

  @Test
  void concurrent_appends_are_all_there() {
    Storage one = session();
    List<Future<Void>> appends = IntStream.range(0, 100)
        .mapToObj(i -> one.append("log/a", bytes((char) ('!' + i % 90) + "\n"))).toList();
    await(Future.all(appends));
    assertThat(content(one, "log/a").lines()).hasSize(100);
  }

  @Test
  void expire_deletes_what_was_unchanged_for_that_long() {
    Storage storage = session();
    await(storage.replace("cache/a", bytes("x")));
    await(storage.replace("cache/sub/b", bytes("x")));
    await(storage.expire("cache", Duration.ofHours(1)));
    assertThat(await(storage.list("cache"))).containsExactly("cache/a");

    eventually(() -> {
      await(storage.expire("cache", Duration.ofMillis(1)));
      return await(storage.list("cache")).isEmpty();
    });
    assertThat(await(storage.list("cache/sub"))).containsExactly("cache/sub/b");
  }

  @Test
  void claim_all_takes_what_nobody_has_claimed() {
    Storage one = session();
    Storage two = session();
    for (String each : List.of("runs/c", "runs/a", "runs/d", "runs/b", "runs/sub/e", "other/f")) {
      await(one.replace(each, bytes(each)));
    }
    claimed(one, "runs/b");
    claimed(two, "runs/d");
    List<Storage.Claim> claims = await(two.claimAll("runs"));
    assertThat(claims).extracting(Storage.Claim::name).containsExactly("runs/a", "runs/c");
    assertThat(claims).extracting(claim -> new String(claim.content(), UTF_8)).containsExactly("runs/a", "runs/c");
    assertThat(await(one.claimAll("runs"))).isEmpty();
    assertThat(await(one.claim("runs/a"))).isEmpty();

    await(claims.getFirst().append(bytes("!"), true));
    await(claims.getFirst().release());
    assertThat(claimed(one, "runs/a").content()).isEqualTo(bytes("runs/a!"));
  }

  @Test
  void claim_all_of_a_missing_folder_is_empty() {
    assertThat(await(session().claimAll("none"))).isEmpty();
  }

  @Test
  void a_folder_is_a_storage_with_relative_names() {
    Storage storage = session();
    Storage folder = storage.in("agents").in("a-1");
    await(folder.replace("runs/x", bytes("1")));
    await(folder.append("runs/x", bytes("2")));
    assertThat(content(storage, "agents/a-1/runs/x")).isEqualTo("12");
    assertThat(content(folder, "runs/x")).isEqualTo("12");
    assertThat(await(folder.list("runs"))).containsExactly("runs/x");

    Storage.Claim claim = claimed(folder, "runs/x");
    assertThat(claim.name()).isEqualTo("runs/x");
    assertThat(await(storage.claim("agents/a-1/runs/x"))).isEmpty();
    await(claim.release());
    List<Storage.Claim> all = await(folder.claimAll("runs"));
    assertThat(all).extracting(Storage.Claim::name).containsExactly("runs/x");
    await(all.getFirst().delete());
    assertThat(await(storage.list("agents/a-1/runs"))).isEmpty();
  }

  @Test
  void folders_shows_the_folders_of_the_folder_alone_in_order() {
    Storage storage = session();
    for (String each : List.of("runs/b/1", "runs/a/1", "runs/a/sub/2", "runs/top", "runsx/c/1", "other/1")) {
      await(storage.replace(each, bytes("x")));
    }
    assertThat(await(storage.folders("runs"))).containsExactly("runs/a", "runs/b");
    assertThat(await(storage.folders(""))).contains("other", "runs", "runsx").isSorted();
    assertThat(await(storage.folders("runs/b"))).isEmpty();
    assertThat(await(storage.in("runs").folders("a"))).containsExactly("a/sub");
  }

  @Test
  void moving_a_claimed_record_gives_it_another_name_and_content_and_ends_the_claim() {
    Storage one = session();
    Storage two = session();
    Storage.Claim claim = claimed(one, "runs/open/a");
    await(claim.append(bytes("accepted"), true));
    await(claim.moveTo("runs/ended/a", bytes("over")));

    assertThat(await(two.list("runs/open"))).isEmpty();
    assertThat(content(two, "runs/ended/a")).isEqualTo("over");
    assertLost(claim);
    assertThatThrownBy(() -> await(claim.moveTo("runs/ended/b", bytes("again")))).isInstanceOf(
        ClaimLostException.class);
    assertThat(await(two.list("runs/ended"))).containsExactly("runs/ended/a");
    assertThat(claimed(two, "runs/ended/a").content()).isEqualTo(bytes("over"));
  }

  @Test
  void a_signal_reaches_its_own_process_too() throws Exception {
    StorageSession session = session();
    BlockingQueue<String> received = new LinkedBlockingQueue<>();
    session.subscribe("wake-1", received::add);
    session.subscribe("other", text -> received.add("other " + text));
    session.publish("wake-1", "agent one");
    assertThat(received.poll(30, TimeUnit.SECONDS)).isEqualTo("agent one");
  }

  @Test
  void racing_threads_and_sessions_claim_each_record_once() throws Exception {
    List<StorageSession> racers = List.of(session(), session());
    ConcurrentMap<String, Integer> winners = new ConcurrentHashMap<>();
    List<String> twice = new CopyOnWriteArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        int number = thread;
        tasks.add(() -> {
          for (int i = 0; i < 200; i++) {
            String name = "runs/" + (number % 2 == 0 ? i : 199 - i);
            if (await(racers.get(number % racers.size()).claim(name)).isPresent()
                && winners.put(name, number) != null) {
              twice.add(name);
            }
          }
          return null;
        });
      }
      for (java.util.concurrent.Future<Void> each : threads.invokeAll(tasks)) {
        each.get();
      }
    }
    assertThat(twice).isEmpty();
    assertThat(winners).hasSize(200);
  }

  public static Storage.Claim claimed(Storage storage, String name) {
    Optional<Storage.Claim> claim = await(storage.claim(name));
    assertThat(claim).as("claim of " + name).isPresent();
    return claim.orElseThrow();
  }

  public static String content(Storage storage, String name) {
    return new String(await(storage.read(name)).orElseThrow(), UTF_8);
  }

  public static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  /** Every call fails. */
  public static void assertLost(Storage.Claim claim) {
    assertThatThrownBy(() -> await(claim.append(bytes("late"), true))).isInstanceOf(ClaimLostException.class);
    assertThatThrownBy(() -> await(claim.release())).isInstanceOf(ClaimLostException.class);
    assertThatThrownBy(() -> await(claim.delete())).isInstanceOf(ClaimLostException.class);
  }

  public static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** Waits until it is so, at most 30 s. */
  public static void eventually(Callable<Boolean> condition) {
    long start = System.nanoTime();
    try {
      while (!condition.call()) {
        assertThat(Duration.ofNanos(System.nanoTime() - start)).as("waiting").isLessThan(Duration.ofSeconds(30));
        Thread.sleep(10);
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
