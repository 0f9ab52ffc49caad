package io.heartbeat4j.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many files in one, of which a crash leaves what it would have left of each. */
class GroupCommitLogTest {

  private static final String ONE = "agent-1/journal/one.jsonl";
  private static final String TWO = "agent-2/journal/two.jsonl";

  @TempDir
  Path temporary;
  private Path root = Path.of(".");
  private final List<GroupCommitLog> opened = new ArrayList<>();

  @BeforeEach
  void directory() throws IOException {
    root = Files.createDirectory(temporary.resolve("agents"));
  }

  private GroupCommitLog ledger() throws IOException {
    GroupCommitLog ledger = GroupCommitLog.open(root, Runnable::run);
    opened.add(ledger);
    return ledger;
  }

  @AfterEach
  void close() {
    opened.forEach(GroupCommitLog::close);
  }

  private GroupCommitLog.Segment page(GroupCommitLog ledger, String name) {
    return ledger.page(root.resolve(name));
  }

  private static void add(GroupCommitLog.Segment page, String line) {
    written(page.add(() -> (line + "\n").getBytes(UTF_8), true));
  }

  private static void written(Future<Void> future) {
    assertThat(future.succeeded()).as("written").isTrue();
  }

  /** What a process would leave whose ledger was so, were it killed. */
  private Path deadWith(byte[] lines) throws IOException {
    Path other = Files.createTempDirectory(temporary, "dead");
    Files.write(other.resolve("ledger-x.tsv"), lines);
    Files.createFile(other.resolve("ledger-x.lock"));
    return other;
  }

  private Path deadWith(String lines) throws IOException {
    return deadWith(lines.getBytes(UTF_8));
  }

  private static Map<String, String> files(Path directory) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(directory.relativize(file).toString(), Files.readString(file));
      }
    }
    return files;
  }

  private byte[] content() throws IOException {
    try (Stream<Path> all = Files.list(root)) {
      return Files.readAllBytes(all.filter(file -> file.toString().endsWith(".tsv")).findFirst().orElseThrow());
    }
  }

  @Test
  void what_a_dead_process_had_in_hand_becomes_the_files_it_stands_for() throws IOException {
    GroupCommitLog ledger = ledger();
    GroupCommitLog.Segment one = page(ledger, ONE);
    GroupCommitLog.Segment two = page(ledger, TWO);
    add(one, "{\"a\":1}");
    add(two, "{\"b\":1}");
    add(one, "{\"a\":2}");
    Path dead = deadWith(content());

    GroupCommitRecovery.separate(dead);

    assertThat(files(dead)).isEqualTo(Map.of(ONE, "{\"a\":1}\n{\"a\":2}\n", TWO, "{\"b\":1}\n"));
  }

  /** Byte by byte: a line is there or it is not, and what is cleared has no file. */
  @Test
  void wherever_a_crash_cuts_it_off_each_file_has_its_first_lines() throws IOException {
    GroupCommitLog ledger = ledger();
    GroupCommitLog.Segment one = page(ledger, ONE);
    GroupCommitLog.Segment two = page(ledger, TWO);
    List<String> ofOne = List.of("{\"a\":1}", "{\"a\":-}", "{\"ä\":\"-\"}");
    List<String> ofTwo = List.of("{\"b\":1}", "{\"b\":2}");
    add(one, ofOne.get(0));
    add(two, ofTwo.get(0));
    add(one, ofOne.get(1));
    add(two, ofTwo.get(1));
    int open = content().length;
    written(two.clear());
    int cleared = content().length;
    add(one, ofOne.get(2));
    byte[] all = content();

    for (int cut = 0; cut <= all.length; cut++) {
      Path dead = deadWith(Arrays.copyOf(all, cut));
      GroupCommitRecovery.separate(dead);
      Map<String, String> left = files(dead);

      assertThat(left.keySet()).as("cut at %d", cut).isSubsetOf(ONE, TWO);
      assertThat(whole(left, ONE)).as("cut at %d", cut).isEqualTo(ofOne.subList(0, whole(left, ONE).size()));
      assertThat(whole(left, TWO)).as("cut at %d", cut).isEqualTo(ofTwo.subList(0, whole(left, TWO).size()));
      assertThat(left.containsKey(TWO)).as("cut at %d", cut).isEqualTo(cut > firstOf(all, TWO) && cut < cleared - 1);
      assertThat(cut < open || whole(left, ONE).size() >= 2).as("cut at %d", cut).isTrue();
    }
  }

  /** The cut behind which there is a line of the file, torn or not. */
  private static int firstOf(byte[] all, String name) {
    return new String(all, UTF_8).substring(0, new String(all, UTF_8).indexOf(name)).getBytes(UTF_8).length
        + name.length();
  }

  /** The lines that are JSON to their end. */
  private static List<String> whole(Map<String, String> files, String name) {
    return files.getOrDefault(name, "").lines().filter(line -> line.endsWith("}")).toList();
  }

  @Test
  void a_separation_that_was_interrupted_is_gone_on_with_behind_what_is_there() throws IOException {
    Path dead = deadWith(ONE + "\t{\"a\":2}\n");
    Files.createDirectories(dead.resolve(ONE).getParent());
    Files.writeString(dead.resolve(ONE), "{\"a\":1}\n{\"a\":");

    GroupCommitRecovery.separate(dead);

    assertThat(files(dead)).isEqualTo(Map.of(ONE, "{\"a\":1}\n{\"a\":\n{\"a\":2}\n"));
  }

  @Test
  void what_is_in_somebodys_hands_is_left_to_that_one() throws IOException {
    Path dead = deadWith(ONE + "\t{\"a\":1}\n");
    try (Storage.LockedFile inHand = new FileStorage(dead).lock(ONE).orElseThrow()) {
      inHand.append("{\"a\":1}\n".getBytes(UTF_8), true);

      GroupCommitRecovery.separate(dead);

      assertThat(files(dead)).isEqualTo(Map.of(ONE, "{\"a\":1}\n"));
    }
  }

  @Test
  void a_line_that_the_disk_tore_spoils_no_other() throws IOException {
    Path dead = deadWith(ONE + "\t{\"a\":1}\n" + ONE + "\t{\"a\n" + TWO + "\n" + TWO + "\t\n" + ONE + "\t{\"a\":3}\n");

    GroupCommitRecovery.separate(dead);

    assertThat(files(dead)).isEqualTo(Map.of(ONE, "{\"a\":1}\n{\"a\n{\"a\":3}\n", TWO, "\n"));
  }

  @Test
  void no_name_leads_out_of_the_directory() throws IOException {
    Path dead = deadWith("../outside.jsonl\t{}\n/tmp/outside.jsonl\t{}\nagent/x.sh\t{}\n");

    GroupCommitRecovery.separate(dead);

    assertThat(files(dead)).isEmpty();
    assertThat(temporary.resolve("outside.jsonl")).doesNotExist();
  }

  @Test
  void that_of_a_living_process_is_shown_and_left_alone() throws IOException {
    add(page(ledger(), ONE), "{\"a\":1}");

    GroupCommitRecovery.separate(root);

    assertThat(root.resolve(ONE)).doesNotExist();
    assertThat(GroupCommitRecovery.open(root)).singleElement().satisfies(open -> {
      assertThat(open.standsFor()).isEqualTo(root.resolve(ONE));
      assertThat(open.lines()).isEqualTo("{\"a\":1}\n");
    });
  }

  @Test
  void what_others_have_left_beside_it_is_looked_for_now_and_then() throws IOException {
    Instant now = Instant.parse("2026-01-31T10:00:00Z");
    GroupCommitLog ledger = ledger();
    leave(ONE);
    ledger.takeUpOthers(now);
    assertThat(root.resolve(ONE)).exists();

    leave(TWO);
    ledger.takeUpOthers(now.plusMillis(200));
    assertThat(root.resolve(TWO)).as("looked for a moment ago").doesNotExist();
    ledger.takeUpOthers(now.plusMillis(250));
    assertThat(root.resolve(TWO)).exists();

    leave("agent-3/journal/three.jsonl");
    ledger.takeUpOthers(now.minusSeconds(3_600));
    assertThat(root.resolve("agent-3/journal/three.jsonl")).as("also when the clock was set back").exists();
  }

  private void leave(String name) throws IOException {
    GroupCommitLog other = ledger();
    add(page(other, name), "{}");
    written(other.close());
  }

  @Test
  void what_is_given_back_is_a_file_of_its_own_and_what_is_cleared_is_nowhere() throws IOException {
    GroupCommitLog ledger = ledger();
    GroupCommitLog.Segment one = page(ledger, ONE);
    GroupCommitLog.Segment two = page(ledger, TWO);
    add(one, "{\"a\":1}");
    add(two, "{\"b\":1}");
    assertThat(ledger.size()).isEqualTo(2);

    written(one.close());
    written(two.clear());

    assertThat(root.resolve(ONE)).hasContent("{\"a\":1}");
    assertThat(ledger.size()).isZero();
    assertThat(GroupCommitRecovery.open(root)).isEmpty();
    written(ledger.close());
    assertThat(files(root)).isEqualTo(Map.of(ONE, "{\"a\":1}\n"));
  }

  @Test
  void what_is_open_when_the_process_ends_in_order_is_left_like_by_a_crash() throws IOException {
    GroupCommitLog ledger = ledger();
    add(page(ledger, ONE), "{\"a\":1}");
    written(ledger.close());

    GroupCommitRecovery.separate(root);

    assertThat(files(root)).isEqualTo(Map.of(ONE, "{\"a\":1}\n"));
  }

  @Test
  void what_comes_while_it_writes_is_written_together() throws IOException {
    Queue<Runnable> turns = new ArrayDeque<>();
    GroupCommitLog ledger = GroupCommitLog.open(root, turns::add);
    opened.add(ledger);
    Future<Void> first = page(ledger, ONE).add(() -> "{}\n".getBytes(UTF_8), true);
    Future<Void> second = page(ledger, TWO).add(() -> "{}\n".getBytes(UTF_8), false);

    assertThat(first.isComplete()).isFalse();
    assertThat(turns).hasSize(1);
    turns.remove().run();

    written(first);
    written(second);
    assertThat(GroupCommitRecovery.open(root)).hasSize(2);
    written(page(ledger, ONE).clear().isComplete() ? Future.failedFuture("too early") : Future.succeededFuture());
    assertThat(turns).as("another turn for what came later").hasSize(1);
    turns.remove().run();
  }

  @Test
  void a_line_that_can_not_be_made_is_told_to_its_writer_only() throws IOException {
    GroupCommitLog ledger = ledger();
    Future<Void> failed = page(ledger, ONE).add(() -> {
      throw new IOException("no JSON");
    }, true);

    assertThat(failed.cause()).hasMessage("no JSON");
    add(page(ledger, TWO), "{\"b\":1}");
  }

  @Test
  void after_its_end_it_takes_nothing_and_says_so() throws IOException {
    GroupCommitLog ledger = ledger();
    GroupCommitLog.Segment one = page(ledger, ONE);
    written(ledger.close());

    assertThat(one.add(() -> "{}\n".getBytes(UTF_8), true).cause()).isInstanceOf(IOException.class);
  }

  @Test
  void a_long_one_is_written_anew_with_what_is_open_in_it() throws IOException {
    GroupCommitLog ledger = ledger();
    GroupCommitLog.Segment one = page(ledger, ONE);
    add(one, "{\"a\":1}");
    String words = "{\"text\":\"" + "x".repeat(100_000) + "\"}";
    for (int i = 0; i < 2 * GroupCommitFile.LONGEST / 100_000; i++) {
      GroupCommitLog.Segment passing = page(ledger, "agent-3/journal/" + i + ".jsonl");
      add(passing, words);
      written(passing.clear());
    }
    add(one, "{\"a\":2}");

    assertThat(content().length).isLessThan((int) GroupCommitFile.LONGEST);
    assertThat(GroupCommitRecovery.open(root)).singleElement()
        .satisfies(open -> assertThat(open.lines()).isEqualTo("{\"a\":1}\n{\"a\":2}\n"));
    Path dead = deadWith(content());
    GroupCommitRecovery.separate(dead);
    assertThat(files(dead)).isEqualTo(Map.of(ONE, "{\"a\":1}\n{\"a\":2}\n"));
  }
}
