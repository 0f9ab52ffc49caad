package io.heartbeat4j.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A claimed file is one process's, and within it one heartbeat's. */
class FileStorageTest {

  private static final String NAME = "journal/one.jsonl";

  @TempDir
  Path root;

  private FileStorage folder() {
    return new FileStorage(root);
  }

  private static Storage.LockedFile log(Optional<Storage.LockedFile> claimed) {
    return claimed.orElseThrow();
  }

  /** Tries the claim in a JVM of its own, and says whether it got it. */
  static final class Rival {
    public static void main(String[] args) throws IOException {
      System.out.println(new FileStorage(Path.of(args[0])).lock(NAME).isPresent() ? "claimed" : "refused");
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
  void a_second_claim_in_the_same_process_is_refused_until_the_first_ends() throws IOException {
    Storage.LockedFile first = log(folder().lock(NAME));

    assertThat(folder().lock(NAME)).isEmpty();

    first.close();
    try (Storage.LockedFile second = log(folder().lock(NAME))) {
      assertThat(second.readAll()).isEmpty();
    }
  }

  @Test
  void a_second_process_is_refused_also_after_the_file_was_read_and_claimed_again_in_this_one() throws Exception {
    try (Storage.LockedFile mine = log(folder().lock(NAME))) {
      mine.append("a line\n".getBytes(UTF_8), true);
      assertThat(mine.readAll()).isEqualTo("a line\n".getBytes(UTF_8));
      assertThat(folder().lock(NAME)).isEmpty();

      Process rival = rival();
      try {
        assertThat(says(rival)).isEqualTo("refused");
      } finally {
        rival.destroyForcibly().waitFor();
      }
    }
  }

  @Test
  void a_claim_ends_with_its_process_however_that_ends() throws Exception {
    Process rival = rival();
    try {
      assertThat(says(rival)).isEqualTo("claimed");
      assertThat(folder().lock(NAME)).isEmpty();
    } finally {
      rival.destroyForcibly().waitFor();
    }

    log(folder().lock(NAME)).close();
  }

  @Test
  void what_is_appended_stands_behind_what_another_process_left() throws IOException {
    try (Storage.LockedFile first = log(folder().lock(NAME))) {
      first.append("one\n".getBytes(UTF_8), false);
    }
    try (Storage.LockedFile second = log(folder().lock(NAME))) {
      second.append("two\n".getBytes(UTF_8), true);
    }

    assertThat(Files.readString(root.resolve(NAME))).isEqualTo("one\ntwo\n");
    assertThat(folder().list("journal")).containsExactly(NAME);
  }

  @Test
  void a_replaced_file_is_the_new_one_and_leaves_no_other_beside_it() throws IOException {
    folder().replace("issues/a.json", "old".getBytes(UTF_8));
    folder().replace("issues/a.json", "new".getBytes(UTF_8));

    assertThat(folder().read("issues/a.json"))
        .hasValueSatisfying(content -> assertThat(content).isEqualTo("new".getBytes(UTF_8)));
    assertThat(folder().list("issues")).isEqualTo(List.of("issues/a.json"));
  }

  @Test
  void what_is_added_to_a_file_stands_behind_what_is_there_also_where_there_is_no_folder_yet() throws IOException {
    folder().append("issues/a.jsonl", "one\n".getBytes(UTF_8));
    folder().append("issues/a.jsonl", "two\n".getBytes(UTF_8));

    assertThat(Files.readString(root.resolve("issues/a.jsonl"))).isEqualTo("one\ntwo\n");
  }

  @Test
  void what_does_not_exist_is_empty_and_is_no_failure() throws IOException {
    assertThat(folder().list("journal")).isEmpty();
    assertThat(folder().read("issues/a.json")).isEmpty();
    assertThat(Files.exists(root.resolve("issues"))).isFalse();
  }

  @Test
  void what_can_not_be_looked_at_is_a_failure_and_not_empty() throws IOException {
    FileStorage nowhere = new FileStorage(Files.writeString(root.resolve("a-file"), "").resolve("state"));

    assertThatThrownBy(() -> nowhere.list("journal")).isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> nowhere.read("issues/a.json")).isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> nowhere.replace("issues/a.json", new byte[0])).isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> nowhere.append("issues/a.json", new byte[0])).isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> nowhere.lock(NAME)).isInstanceOf(FileSystemException.class);
  }
}
