package io.heartbeat4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbeat4j.heartbeat.policy.HeartbeatLimits;
import io.heartbeat4j.heartbeat.work.WorkLimits;
import io.heartbeat4j.redaction.Redactor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the file and the variables of {@code heartbeat run} mean. */
class RunConfigurationTest {

  @TempDir
  Path directory;

  private RunConfiguration read(String yaml, Map<String, String> environment) throws IOException {
    Path file = Files.writeString(directory.resolve("heartbeat.yaml"), yaml);
    return RunConfiguration.read(Optional.of(file), environment, Redactor.of(List.of()));
  }

  @Test
  void without_limits_the_defaults_hold() throws IOException {
    RunConfiguration read = read("worker: {name: shell}", Map.of());

    assertThat(read.problems()).isEmpty();
    assertThat(read.workLimits()).isEqualTo(WorkLimits.DEFAULT);
    assertThat(read.limits()).isEqualTo(HeartbeatLimits.DEFAULT);
  }

  @Test
  void every_limit_can_stand_in_the_file() throws IOException {
    RunConfiguration read = read("""
        worker: {name: shell}
        timeout: 30m
        silence-timeout: 5m
        startup-timeout: 20s
        grace: 3s
        limits: {repetitions: 5, window: 2h, conflict-rest: 1m, frugal-from: 90, patience: 30s}
        """, Map.of());

    assertThat(read.problems()).isEmpty();
    assertThat(read.workLimits()).isEqualTo(new WorkLimits(
        Duration.ofMinutes(30), Duration.ofMinutes(5), Duration.ofSeconds(3), Duration.ofSeconds(20)));
    assertThat(read.limits()).isEqualTo(
        new HeartbeatLimits(5, Duration.ofHours(2), Duration.ofMinutes(1), 90, Duration.ofSeconds(30)));
  }

  @Test
  void a_limit_that_is_left_out_keeps_its_default() throws IOException {
    HeartbeatLimits read = read("{worker: {name: shell}, limits: {repetitions: 1}}", Map.of()).limits();

    assertThat(read.repetitions()).isEqualTo(1);
    assertThat(read.window()).isEqualTo(HeartbeatLimits.DEFAULT.window());
    assertThat(read.conflictRest()).isEqualTo(HeartbeatLimits.DEFAULT.conflictRest());
    assertThat(read.frugalFrom()).isEqualTo(HeartbeatLimits.DEFAULT.frugalFrom());
    assertThat(read.patience()).isEqualTo(HeartbeatLimits.DEFAULT.patience());
  }

  @Test
  void variables_win_over_the_file() throws IOException {
    RunConfiguration read = read("{worker: {name: shell}, startup-timeout: 20s, limits: {repetitions: 5}}", Map.of(
        "HEARTBEAT_STARTUP_TIMEOUT", "1m", "HEARTBEAT_LIMITS_REPETITIONS", "2", "HEARTBEAT_LIMITS_CONFLICT_REST", "0"));

    assertThat(read.problems()).isEmpty();
    assertThat(read.workLimits().startUp()).isEqualTo(Duration.ofMinutes(1));
    assertThat(read.limits().repetitions()).isEqualTo(2);
    assertThat(read.limits().conflictRest()).isZero();
  }

  @Test
  void the_state_directory_of_the_variable_wins_over_the_one_of_the_file() throws IOException {
    String file = "{worker: {name: shell}, state-dir: /from/the/file}";

    assertThat(read(file, Map.of("HEARTBEAT_STATE_DIR", "/from/the/variable")).stateDirectory())
        .isEqualTo(Path.of("/from/the/variable"));
    assertThat(read(file, Map.of("HEARTBEAT_STATE_DIR", "")).stateDirectory()).isEqualTo(Path.of("/from/the/file"));
  }

  @Test
  void the_plugins_of_the_variable_win_over_those_of_the_file() throws IOException {
    Path plugins = directory.resolve("variable");
    Path ofVariable = Files.createDirectories(plugins.resolve("acme"));
    Path ofFile = Files.createDirectories(directory.resolve("file/acme"));
    String file = "{worker: {name: acme}, plugins: " + directory.resolve("file") + "}";

    assertThatThrownBy(() -> read(file, Map.of("HEARTBEAT_PLUGINS", plugins.toString())).worker().worker())
        .hasMessageContaining(ofVariable + " (it has no jar").message().doesNotContain(ofFile.toString());
    assertThatThrownBy(() -> read(file, Map.of("HEARTBEAT_PLUGINS", "")).worker().worker())
        .hasMessageContaining(ofFile + " (it has no jar").message().doesNotContain(ofVariable.toString());
  }

  @Test
  void a_limit_that_is_none_is_named() throws IOException {
    assertThat(read("{worker: {name: shell}, limits: {frugal-from: 120}}", Map.of()).problems())
        .singleElement().asString().contains("configuration.limits").contains("frugal-from is a percentage");
    assertThat(read("{worker: {name: shell}, limits: {repetition: 2}}", Map.of()).problems())
        .singleElement().asString().contains("configuration.limits.repetition is not a setting")
        .contains("repetitions");
  }
}
