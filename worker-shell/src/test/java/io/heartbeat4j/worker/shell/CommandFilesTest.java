package io.heartbeat4j.worker.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.heartbeat4j.worker.Secret;
import io.heartbeat4j.worker.SettingsException;
import io.heartbeat4j.worker.WorkResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a command may read, and who else may. */
@Timeout(60)
class CommandFilesTest {

  private final String secret = UUID.randomUUID().toString();

  @TempDir
  Path directory;

  private String run(String line, Map<String, Secret> secrets, Optional<String> user) throws Exception {
    ShellSettings settings = new ShellSettings(List.of(line), true, OutputFormat.TEXT, Optional.empty(),
        Duration.ofSeconds(30), Duration.ZERO, Duration.ofMillis(300), Map.of(), List.of(), false, 16_000, 2_000,
        secrets, user);
    WorkResult result = new ShellWorkerFactory(Map.of("PATH", System.getenv("PATH"))).create(settings)
        .perform(new FakeWorkContext(directory));
    return ((WorkResult.Done) result).summary();
  }

  @Test
  void a_secret_is_a_file_that_only_its_user_may_read_and_nowhere_else() throws Exception {
    String found = run("cat $HEARTBEAT_SECRETS_DIR/DB_PASSWORD; echo; stat -c %a $HEARTBEAT_SECRETS_DIR/*;"
        + " env; tr '\\0' '\\n' < /proc/$$/cmdline", Map.of("DB_PASSWORD", Secret.of(secret)), Optional.empty());

    assertThat(found).startsWith(secret + "\n600\n").containsOnlyOnce(secret);
  }

  @Test
  void the_name_of_a_secret_is_no_path() {
    for (String name : List.of("../a", "a/b", "", ".a", "-n")) {
      assertThatThrownBy(() -> run("true", Map.of(name, Secret.of(secret)), Optional.empty())).as(name)
          .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("can't be the name of a file");
    }
  }

  @Test
  void a_command_of_another_user_reaches_its_own_files_and_nothing_of_the_hosts() throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "only root may start commands of another user");
    Path workspace = Files.createTempDirectory("workspace");
    try {
      Files.setPosixFilePermissions(workspace, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.writeString(directory.resolve("host-key"), "the host's");
      String found = run("cd " + workspace + "; id -un; cat $HEARTBEAT_SECRETS_DIR/A; echo;"
          + " grep -c '\"issue\"' $HEARTBEAT_CONTEXT_FILE; grep Cap[EPIA] /proc/self/status;"
          + " cat " + directory.resolve("host-key") + " /proc/$PPID/environ && echo read;"
          + " echo ${HEARTBEAT_STATE_DIR-none};"
          + " (setsid sleep 1000 >/dev/null 2>&1 & echo $! > $HEARTBEAT_SCRATCH_DIR/pid);"
          + " echo left $(cat $HEARTBEAT_SCRATCH_DIR/pid) $HEARTBEAT_SCRATCH_DIR",
          Map.of("A", Secret.of(secret)), Optional.of("nobody"));

      assertThat(found).startsWith("nobody\n" + secret + "\n1\n").contains("\nnone\n")
          .doesNotContain("read", "the host's")
          .containsPattern("CapEff:\\s0+\\n").containsPattern("CapAmb:\\s0+\\n");
      String[] left = found.substring(found.indexOf("left ")).strip().split(" ");
      assertThat(ProcessHandle.of(Long.parseLong(left[1])).filter(ProcessHandle::isAlive)).isEmpty();
      assertThat(Path.of(left[2])).doesNotExist();
    } finally {
      Files.delete(workspace);
    }
  }

  @Test
  void a_user_that_can_not_be_taken_is_told_at_the_start() {
    for (String name : List.of("no-such-user", "nobody; true", "")) {
      assertThatThrownBy(() -> run("true", Map.of(), Optional.of(name))).as(name)
          .isInstanceOf(SettingsException.class).hasMessageStartingWith("run-as: ");
    }
  }
}
