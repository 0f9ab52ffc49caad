package io.heartbeat4j.storage;

import static io.heartbeat4j.heartbeat.wal.DirectScheduler.now;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records in segments: what a restart, a torn write, and a long life make of them. */
class SegmentLogTest {

  private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-31T10:00:00Z"), ZoneOffset.UTC);

  @TempDir
  Path directory;

  private SegmentLog open() throws IOException {
    return SegmentLog.open(directory, Runnable::run, CLOCK);
  }

  private static byte[] text(String line) {
    return (line + "\n").getBytes(UTF_8);
  }

  private static Storage.Claim claim(SegmentLog log, String name) {
    return now(log.claim(name)).orElseThrow();
  }

  private static String read(SegmentLog log, String name) {
    return new String(now(log.read(name)).orElseThrow(), UTF_8);
  }

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.getFileName().toString().startsWith("segment-")).sorted().toList();
    }
  }

  @Test
  void what_was_written_is_there_after_a_restart_and_unclaimed() throws IOException {
    SegmentLog first = open();
    Storage.Claim kept = claim(first, "a/open/1");
    now(kept.append(text("one"), true));
    now(kept.append(text("two"), false));
    now(claim(first, "a/open/2").append(text("gone"), true));
    now(first.append("a/open/3", text("appended")));
    now(first.replace("a/ended/1", text("old")));
    now(first.replace("a/ended/1", text("new")));
    now(first.close());

    SegmentLog next = open();

    assertThat(next.list("a/open")).containsExactly("a/open/1", "a/open/2", "a/open/3");
    assertThat(new String(claim(next, "a/open/1").content(), UTF_8)).isEqualTo("one\ntwo\n");
    assertThat(read(next, "a/open/3")).isEqualTo("appended\n");
    assertThat(read(next, "a/ended/1")).isEqualTo("new\n");
    assertThat(next.folders("a")).containsExactly("a/ended", "a/open");
    assertThat(next.folders("")).containsExactly("a");
    now(next.close());
  }

  @Test
  void what_is_deleted_or_moved_does_not_come_back() throws IOException {
    SegmentLog first = open();
    Storage.Claim deleted = claim(first, "a/open/1");
    now(deleted.append(text("one"), true));
    now(deleted.delete());
    Storage.Claim moved = claim(first, "a/open/2");
    now(moved.append(text("two"), true));
    now(moved.moveTo("a/ended/2", text("over")));
    now(first.close());

    SegmentLog next = open();

    assertThat(next.list("a/open")).isEmpty();
    assertThat(now(next.read("a/open/1"))).isEmpty();
    assertThat(read(next, "a/ended/2")).isEqualTo("over\n");
    now(next.close());
  }

  @Test
  void a_claim_is_one_at_a_time_and_changes_nothing_after_its_end() throws IOException {
    SegmentLog log = open();
    Storage.Claim first = claim(log, "a/1");
    now(first.append(text("one"), true));
    assertThat(now(log.claim("a/1"))).isEmpty();
    now(first.release());

    Storage.Claim second = claim(log, "a/1");
    assertThat(first.append(text("late"), true).cause()).isInstanceOf(ClaimLostException.class);
    assertThat(first.delete().cause()).isInstanceOf(ClaimLostException.class);

    assertThat(new String(second.content(), UTF_8)).isEqualTo("one\n");
    assertThat(read(log, "a/1")).isEqualTo("one\n");
    now(log.close());
  }

  @Test
  void a_record_that_was_claimed_and_never_written_leaves_nothing() throws IOException {
    SegmentLog log = open();
    now(claim(log, "a/1").release());
    now(claim(log, "a/2").delete());

    assertThat(log.list("a")).isEmpty();
    now(log.close());
  }

  @Test
  void a_line_that_a_crash_has_torn_counts_as_not_written() throws IOException {
    SegmentLog first = open();
    now(first.append("a/1", text("one")));
    now(first.close());
    Files.writeString(segments().get(0), "a/1\t:tw", StandardOpenOption.APPEND);

    SegmentLog next = open();
    assertThat(read(next, "a/1")).isEqualTo("one\n");
    now(next.append("a/1", text("three")));
    now(next.close());

    SegmentLog last = open();
    assertThat(read(last, "a/1")).isEqualTo("one\nthree\n");
    now(last.close());
  }

  @Test
  void a_second_host_is_refused_with_what_to_do() throws IOException {
    SegmentLog first = open();

    assertThatThrownBy(this::open).isInstanceOf(IOException.class)
        .hasMessageContaining(directory.toString()).hasMessageContaining("state-dir");

    now(first.close());
    now(open().close());
  }

  @Test
  void old_segments_are_deleted_and_what_still_counts_in_them_is_kept() throws IOException {
    SegmentLog log = open();
    Storage.Claim old = claim(log, "journal/old");
    now(old.append(text("from the first segment"), true));
    byte[] large = text("x".repeat(1 << 20));
    for (int i = 0; i < 100; i++) {
      Storage.Claim claim = claim(log, "journal/" + i);
      now(claim.append(large, false));
      now(claim.delete());
    }

    assertThat(segments()).hasSizeLessThan(10);
    assertThat(log.list("journal")).containsExactly("journal/old");
    now(old.append(text("goes on"), true));
    now(log.close());
    SegmentLog next = open();
    assertThat(next.list("journal")).containsExactly("journal/old");
    assertThat(read(next, "journal/old")).isEqualTo("from the first segment\ngoes on\n");
    now(next.close());
  }

  @Test
  void only_unclaimed_records_that_were_not_changed_for_that_long_expire() throws IOException {
    SegmentLog log = open();
    now(log.replace("ended/1", text("x")));
    Storage.Claim claimed = claim(log, "ended/2");
    now(claimed.append(text("x"), false));

    now(log.expire("ended", Duration.ofDays(1)));
    assertThat(log.list("ended")).hasSize(2);
    now(log.expire("ended", Duration.ofDays(-1)));

    assertThat(log.list("ended")).containsExactly("ended/2");
    now(log.close());
  }

  /** Whatever prefix of the file a crash leaves, each record is as it was after some write to it. */
  @Test
  void every_cut_of_the_segment_leaves_each_record_as_one_of_its_writes_left_it() throws IOException {
    SegmentLog log = open();
    Map<String, List<String>> states = new TreeMap<>();
    Random random = new Random(7);
    for (int i = 0; i < 60; i++) {
      String name = "a/" + random.nextInt(4);
      List<String> before = states.computeIfAbsent(name, first -> new ArrayList<>(List.of("")));
      if (random.nextInt(5) == 0) {
        now(log.replace(name, text("r" + i)));
        before.add("");
        before.add("r" + i + "\n");
      } else {
        now(log.append(name, text("l" + i)));
        before.add(before.get(before.size() - 1) + "l" + i + "\n");
      }
    }
    now(log.close());
    byte[] whole = Files.readAllBytes(segments().get(0));
    for (int cut = 0; cut <= whole.length; cut += 3) {
      Files.write(segments().get(0), Arrays.copyOf(whole, cut));
      SegmentLog found = open();
      for (String name : found.list("a")) {
        assertThat(states.get(name)).as("cut at " + cut).contains(read(found, name));
      }
      now(found.close());
    }
  }

  @Test
  void many_threads_lose_and_mix_nothing() throws Exception {
    Map<String, String> expected = new ConcurrentHashMap<>();
    try (ExecutorService disk = Executors.newFixedThreadPool(3);
        ExecutorService users = Executors.newFixedThreadPool(8)) {
      SegmentLog log = SegmentLog.open(directory, disk, CLOCK);
      List<java.util.concurrent.Future<?>> all = new ArrayList<>();
      for (int user = 0; user < 8; user++) {
        int own = user;
        all.add(users.submit(() -> {
          for (int i = 0; i < 100; i++) {
            String name = "a/" + own + "-" + i;
            Storage.Claim claim = await(log.claim(name)).orElseThrow();
            await(claim.append(text("first " + name), true));
            await(claim.append(text("second " + name), false));
            if (i % 3 == 0) {
              await(claim.delete());
            } else {
              await(claim.release());
              expected.put(name, "first " + name + "\nsecond " + name + "\n");
            }
          }
          return null;
        }));
      }
      for (java.util.concurrent.Future<?> each : all) {
        each.get();
      }
      await(log.close());
    }

    Map<String, String> found = new TreeMap<>();
    SegmentFolder.scan(directory).forEach((name, content) -> found.put(name, new String(content, UTF_8)));
    assertThat(found).isEqualTo(new TreeMap<>(expected));
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }
}
