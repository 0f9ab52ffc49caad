package io.heartbeat4j.worker.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbeat4j.worker.WorkResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nothing that a command has started outlives the work, however it ends. */
@Timeout(60)
class ProcessTreeTest {

  /** A process that only a kill ends; it says who it is. */
  private static final String STUBBORN = "sh -c 'trap \"\" TERM; echo $$ >> pids; while :; do sleep 1; done'";

  @TempDir
  Path directory;

  private FakeWorkContext context;

  @BeforeEach
  void open() {
    context = new FakeWorkContext(directory);
  }

  private WorkResult run(String line, Duration timeout, Duration silence) throws Exception {
    return new ShellWorker(new ShellSettings(List.of("sh", "-c", line), false, OutputFormat.TEXT, Optional.empty(),
        timeout, silence, Duration.ofMillis(200), Map.of(), List.of(), false, 16_000, 2_000, Map.of(),
        Optional.empty()), Optional.empty(),
        Map.of("PATH", System.getenv("PATH")))
        .perform(context);
  }

  private List<Long> pids() throws IOException {
    return Files.readAllLines(directory.resolve("pids")).stream().map(Long::valueOf).toList();
  }

  private void nothingIsLeft() throws IOException {
    assertThat(pids()).isNotEmpty()
        .allSatisfy(pid -> assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty());
  }

  @Test
  void a_time_limit_ends_children_that_ignore_the_request_and_says_so() throws IOException {
    assertThatThrownBy(() -> run("echo busy; " + STUBBORN + " & " + STUBBORN, Duration.ofSeconds(1), Duration.ZERO))
        .isInstanceOf(CommandFailedException.class)
        .hasMessageContaining("time limit of 1s").hasMessageContaining("busy");
    nothingIsLeft();
  }

  @Test
  void silence_ends_the_command_too() throws IOException {
    assertThatThrownBy(() -> run("echo once; " + STUBBORN, Duration.ofSeconds(50), Duration.ofSeconds(1)))
        .isInstanceOf(CommandFailedException.class).hasMessageContaining("printed nothing for 1s");
    nothingIsLeft();
  }

  @Test
  void dots_without_a_line_end_are_no_silence() throws Exception {
    WorkResult result = run("for i in 1 2 3 4 5 6; do printf .; sleep 0.5; done", Duration.ofSeconds(50),
        Duration.ofSeconds(2));

    assertThat(result).isEqualTo(new WorkResult.Done("......"));
  }

  @Test
  void a_child_that_outlives_the_command_and_holds_its_output_is_ended() throws Exception {
    assertThat(
        run(STUBBORN + " & while [ ! -s pids ]; do sleep 0.1; done; echo done", Duration.ofSeconds(50), Duration.ZERO))
        .isEqualTo(new WorkResult.Done("done"));
    nothingIsLeft();
  }

  @Test
  void a_child_of_its_own_session_that_holds_no_output_ends_with_the_command() throws Exception {
    String forkedTwice = "(setsid sh -c '(" + STUBBORN.replace("'", "'\\''") + ") &' >/dev/null 2>&1 </dev/null &) ; ";
    assertThat(
        run(forkedTwice + "while [ ! -s pids ]; do sleep 0.01; done; echo done", Duration.ofSeconds(50), Duration.ZERO))
        .isEqualTo(new WorkResult.Done("done"));
    nothingIsLeft();
  }

  @Test
  void a_child_of_its_own_session_is_found_when_the_time_is_up() throws IOException {
    assertThatThrownBy(
        () -> run("(setsid " + STUBBORN + " >/dev/null 2>&1 &) ; sleep 1000", Duration.ofSeconds(2), Duration.ZERO))
        .isInstanceOf(CommandFailedException.class);
    nothingIsLeft();
  }

  @Test
  void an_interrupted_worker_leaves_nothing_behind() throws Exception {
    AtomicReference<Throwable> end = new AtomicReference<>();
    Thread worker = Thread.ofVirtual().start(() -> {
      try {
        run(STUBBORN, Duration.ofSeconds(50), Duration.ZERO);
      } catch (Exception thrown) {
        end.set(thrown);
      }
    });
    while (!Files.exists(directory.resolve("pids"))) {
      Thread.onSpinWait();
    }

    worker.interrupt();
    worker.join();

    assertThat(end.get()).isInstanceOf(InterruptedException.class);
    nothingIsLeft();
  }

  @Test
  void a_cooperative_command_may_clean_up_within_the_grace_period() throws IOException {
    assertThatThrownBy(() -> run("trap 'echo cleaned; exit 0' TERM; echo $$ >> pids; while :; do sleep 0.05; done",
        Duration.ofSeconds(1), Duration.ZERO))
        .hasMessageContaining("cleaned");
    nothingIsLeft();
  }
}
