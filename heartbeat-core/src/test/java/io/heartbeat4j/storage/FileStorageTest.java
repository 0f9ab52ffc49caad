package io.heartbeat4j.storage;

import static io.heartbeat4j.heartbeat.wal.DirectScheduler.now;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A claimed file is one process's, and within it one heartbeat's. */
class FileStorageTest {

  private static final String NAME = "journal/one.jsonl";

  @TempDir
  Path root;

  private FileStorage folder() {
    return storage(root);
  }

  private static FileStorage storage(Path root) {
    return new FileStorage(root, Runnable::run, Clock.systemUTC());
  }

  private static Storage.Claim claimed(FileStorage storage) {
    return now(storage.claim(NAME)).orElseThrow();
  }

  /** Tries the claim in a JVM of its own, and says whether it got it. */
  static final class Rival {
    public static void main(String[] args) throws IOException {
      System.out.println(now(storage(Path.of(args[0])).claim(NAME)).isPresent() ? "claimed" : "refused");
      System.out.flush();
      System.in.read(); // holds what it has until it is told to end, or killed
    }
  }

  private Process rival() throws IOException {
    return new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "-cp",
        System.getProperty("java.class.path"), Rival.class.getName(), root.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static String says(Process rival) throws IOException {
    BufferedReader lines = rival.inputReader(UTF_8);
    return String.valueOf(lines.readLine());
  }

  @Test
  void a_second_claim_in_the_same_process_is_refused_until_the_first_ends() {
    Storage.Claim first = claimed(folder());

    assertThat(now(folder().claim(NAME))).isEmpty();

    now(first.release());
    Storage.Claim second = claimed(folder());
    assertThat(second.content()).isEmpty();
    now(second.release());
  }

  @Test
  void a_second_process_is_refused_while_this_one_has_the_claim() throws Exception {
    Storage.Claim mine = claimed(folder());
    now(mine.append("a line\n".getBytes(UTF_8), true));

    Process rival = rival();
    try {
      assertThat(says(rival)).isEqualTo("refused");
    } finally {
      rival.destroyForcibly().waitFor();
    }
    now(mine.release());
  }

  @Test
  void a_claim_ends_with_its_process_however_that_ends() throws Exception {
    Process rival = rival();
    try {
      assertThat(says(rival)).isEqualTo("claimed");
      assertThat(now(folder().claim(NAME))).isEmpty();
    } finally {
      rival.destroyForcibly().waitFor();
    }

    now(claimed(folder()).release());
  }

  @Test
  void what_is_appended_follows_what_another_process_left() throws IOException {
    Storage.Claim first = claimed(folder());
    now(first.append("one\n".getBytes(UTF_8), false));
    now(first.release());
    Storage.Claim second = claimed(folder());
    assertThat(second.content()).isEqualTo("one\n".getBytes(UTF_8));
    now(second.append("two\n".getBytes(UTF_8), true));
    now(second.release());

    assertThat(Files.readString(root.resolve(NAME))).isEqualTo("one\ntwo\n");
    assertThat(now(folder().list("journal"))).containsExactly(NAME);
  }

  @Test
  void a_claim_that_has_ended_changes_nothing() {
    Storage.Claim ended = claimed(folder());
    now(ended.append("one\n".getBytes(UTF_8), false));
    now(ended.release());

    assertThat(ended.append("two\n".getBytes(UTF_8), true).cause()).isInstanceOf(ClaimLostException.class);
    assertThat(ended.delete().cause()).isInstanceOf(ClaimLostException.class);

    assertThat(now(folder().read(NAME))).contains("one\n".getBytes(UTF_8));
  }

  @Test
  void files_and_directories_are_their_owners_alone() throws IOException {
    now(claimed(folder()).append("one\n".getBytes(UTF_8), false));
    now(folder().replace("issues/a.jsonl", "new\n".getBytes(UTF_8)));
    now(folder().append("issues/b.jsonl", "new\n".getBytes(UTF_8)));

    try (Stream<Path> all = Files.walk(root)) {
      assertThat(all.filter(path -> !path.equals(root))).isNotEmpty().allSatisfy(
          path -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
              .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------"));
    }
  }

  @Test
  void a_replaced_file_is_the_new_one_and_leaves_no_other_beside_it() {
    now(folder().replace("issues/a.json", "old".getBytes(UTF_8)));
    now(folder().replace("issues/a.json", "new".getBytes(UTF_8)));

    assertThat(now(folder().read("issues/a.json"))).contains("new".getBytes(UTF_8));
    assertThat(now(folder().list("issues"))).isEqualTo(List.of("issues/a.json"));
  }

  @Test
  void what_a_process_has_left_that_was_killed_while_it_replaced_a_record_is_none_and_expires() throws IOException {
    FileStorage storage = folder();
    now(storage.replace(NAME, new byte[]{1}));
    Path left = Files.createTempFile(root.resolve("journal"), ".next-", ".tmp");
    Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofDays(2))));

    assertThat(now(storage.list("journal"))).containsExactly(NAME);
    assertThat(now(storage.claimAll("journal"))).hasSize(1);
    now(storage.expire("journal", Duration.ofDays(1)));
    assertThat(left).doesNotExist();
    assertThat(root.resolve(NAME)).exists();
  }

  @Test
  void what_does_not_exist_is_empty_and_is_no_failure() {
    assertThat(now(folder().list("journal"))).isEmpty();
    assertThat(now(folder().folders("journal"))).isEmpty();
    assertThat(now(folder().read("issues/a.json"))).isEmpty();
    assertThat(Files.exists(root.resolve("issues"))).isFalse();
  }

  @Test
  void what_can_not_be_reached_is_a_failure_and_not_empty() throws IOException {
    FileStorage nowhere = storage(Files.writeString(root.resolve("a-file"), "").resolve("state"));

    assertThat(nowhere.list("journal").cause()).isInstanceOf(FileSystemException.class);
    assertThat(nowhere.read("issues/a.json").cause()).isInstanceOf(FileSystemException.class);
    assertThat(nowhere.replace("issues/a.json", new byte[0]).cause()).isInstanceOf(FileSystemException.class);
    assertThat(nowhere.append("issues/a.json", new byte[0]).cause()).isInstanceOf(FileSystemException.class);
    assertThat(nowhere.claim(NAME).cause()).isInstanceOf(FileSystemException.class);
  }

  @Test
  void only_files_that_were_not_changed_for_that_long_expire() throws IOException {
    now(folder().replace("ended/old.jsonl", "x\n".getBytes(UTF_8)));
    now(folder().replace("ended/new.jsonl", "x\n".getBytes(UTF_8)));
    Files.setLastModifiedTime(root.resolve("ended/old.jsonl"), FileTime.from(Instant.now().minus(Duration.ofDays(8))));

    now(folder().expire("ended", Duration.ofDays(7)));

    assertThat(now(folder().list("ended"))).containsExactly("ended/new.jsonl");
  }
}
