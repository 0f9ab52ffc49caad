package io.heartbeat4j.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code heartbeat check} says of files that every user of the machine can read. */
class ExposedFilesTest {

  @TempDir
  Path directory;

  private final String key = "pcp_" + UUID.randomUUID();

  @BeforeEach
  void configure() throws IOException {
    Files.createDirectories(directory.resolve("agents"));
    Files.createDirectories(directory.resolve("state"));
    write("host.yaml", "server: http://127.0.0.1:3100\nstate-dir: " + directory.resolve("state") + "\n");
    write("agents/wren.yaml", "key: " + key + "\nworker: {name: shell, settings: {command: [\"true\"]}}\n");
    write("agents/pia.yaml", "key: \"${FILE:" + directory.resolve("pia.key")
        + "}\"\nworker: {name: shell, settings: {command: [\"true\"]}}\n");
    write("pia.key", "pcp_" + UUID.randomUUID());
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
    allow(name, "rw-r--r--");
  }

  private void allow(String name, String permissions) throws IOException {
    Files.setPosixFilePermissions(directory.resolve(name), PosixFilePermissions.fromString(permissions));
  }

  private List<String> warnings() {
    PrintStream standard = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, UTF_8));
    try {
      int code = HeartbeatCommand.commandLine(Map.of("HOME", directory.toString(), "HEARTBEAT_PLUGINS",
          directory.resolve("none").toString()))
          .execute("check", "--config", directory.resolve("host.yaml").toString());
      assertThat(code).as(said.toString(UTF_8)).isZero();
    } finally {
      System.setErr(standard);
    }
    return said.toString(UTF_8).lines().toList();
  }

  @Test
  void files_with_keys_and_the_state_are_named_with_what_to_change() throws IOException {
    allow("state", "rwxr-xr-x");

    assertThat(warnings()).hasSize(3).noneMatch(line -> line.contains(key))
        .anySatisfy(line -> assertThat(line)
            .contains("wren.yaml: it holds keys", "rw-r--r--", "chmod 600 " + directory.resolve("agents/wren.yaml")))
        .anySatisfy(line -> assertThat(line).contains("chmod 600 " + directory.resolve("pia.key")))
        .anySatisfy(line -> assertThat(line).contains("chmod 700 " + directory.resolve("state")));
  }

  @Test
  void nothing_is_said_where_only_the_owner_and_the_group_can_read() throws IOException {
    allow("state", "rwxr-x---");
    allow("agents/wren.yaml", "rw-r-----");
    allow("pia.key", "r--------");

    assertThat(warnings()).isEmpty();
  }
}
