package io.heartbeat4j.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The temporary directory of a run, with the files of its output; deleted on close. */
record RunScratchDirectory(Path directory, Path stdout, Path stderr) implements AutoCloseable {

  private static final int MAX_OUTPUT_BYTES = 64 * 1024;

  static RunScratchDirectory create(String runId) throws IOException {
    Path base = Files.createTempDirectory("paperclip-run-" + runId.substring(0, 8) + "-");
    Path scratch = Files.createDirectory(base.resolve("scratch"));
    return new RunScratchDirectory(scratch, base.resolve("stdout"), base.resolve("stderr"));
  }

  Map<String, String> environment() {
    Map<String, String> variables = new LinkedHashMap<>();
    for (String name : List.of(
        "PAPERCLIP_RUN_SCRATCH_DIR",
        "PAPERCLIP_SCRATCH_DIR",
        "PAPERCLIP_TASK_SCRATCH_DIR",
        "PAPERCLIP_TMPDIR",
        "TMPDIR",
        "TEMP",
        "TMP")) {
      variables.put(name, directory.toString());
    }
    return variables;
  }

  String readStdout() throws IOException {
    return read(stdout);
  }

  String readStderr() throws IOException {
    return read(stderr);
  }

  private static String read(Path file) throws IOException {
    try (InputStream input = Files.newInputStream(file)) {
      return new String(input.readNBytes(MAX_OUTPUT_BYTES), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() throws IOException {
    Path base = stdout.getParent();
    if (base == null) {
      return;
    }
    try (Stream<Path> all = Files.walk(base)) {
      all.sorted(java.util.Comparator.reverseOrder())
          .forEach(
              path -> {
                try {
                  Files.deleteIfExists(path);
                } catch (IOException inUse) {
                  throw new UncheckedIOException(inUse);
                }
              });
    } catch (UncheckedIOException leftOver) {
      System.getLogger(RunScratchDirectory.class.getName())
          .log(System.Logger.Level.DEBUG, "Could not delete the scratch directory " + base, leftOver);
    }
  }
}
