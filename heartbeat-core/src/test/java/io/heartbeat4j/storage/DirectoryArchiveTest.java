package io.heartbeat4j.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory that goes from one host to another. */
class DirectoryArchiveTest {

  @TempDir
  Path directory;

  @Test
  void the_files_come_back_and_what_was_there_before_is_gone() throws IOException {
    Path from = Files.createDirectories(directory.resolve("from/sub"));
    Files.writeString(from.resolve("transcript.jsonl"), "one\ntwo\n");
    Files.writeString(directory.resolve("from/session"), "id");
    Files.createSymbolicLink(directory.resolve("from/link"), Path.of("/etc/hostname"));
    Path to = Files.createDirectories(directory.resolve("to/old"));
    Files.writeString(to.resolve("stale"), "x");

    DirectoryArchive.unpack(DirectoryArchive.pack(directory.resolve("from"), 1_000), directory.resolve("to"));

    assertThat(directory.resolve("to/sub/transcript.jsonl")).hasContent("one\ntwo\n");
    assertThat(directory.resolve("to/session")).hasContent("id");
    assertThat(directory.resolve("to/link")).doesNotExist();
    assertThat(directory.resolve("to/old")).doesNotExist();
  }

  @Test
  void a_directory_that_is_too_large_is_refused() throws IOException {
    Files.writeString(directory.resolve("large"), "x".repeat(101));

    assertThatThrownBy(() -> DirectoryArchive.pack(directory, 100)).isInstanceOf(IOException.class)
        .hasMessageContaining(directory.toString()).hasMessageContaining("100 bytes");
  }

  @Test
  void an_archive_can_not_write_outside_of_the_directory() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("../outside"));
      zip.closeEntry();
    }

    assertThatThrownBy(() -> DirectoryArchive.unpack(bytes.toByteArray(), directory.resolve("in")))
        .isInstanceOf(IOException.class).hasMessageContaining("../outside");
    assertThat(directory.resolve("outside")).doesNotExist();
  }
}
