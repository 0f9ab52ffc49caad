package io.heartbeat4j.worker.llm.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.worker.agent.file.ConfinedWorkspace;
import io.heartbeat4j.worker.llm.tool.file.ReadFileTool;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepeatedCallDetectorTest {

  @TempDir
  private Path directory = Path.of("none");

  private Instant now = Instant.parse("2026-03-02T08:00:00Z");
  private final RepeatedCallDetector detector = new RepeatedCallDetector(2,
      ((InstantSource) () -> now).withZone(ZoneOffset.UTC));

  @Test
  void the_same_call_with_the_same_result_is_a_repetition() throws Exception {
    assertThat(calls("a", "a", "a", "a")).isEqualTo(2);
    assertThat(detector.isStuck()).isTrue();
  }

  @Test
  void another_result_begins_the_count_anew() throws Exception {
    assertThat(calls("queued", "running 1", "running 2", "running 3", "passed")).isEqualTo(5);
    assertThat(detector.isStuck()).isFalse();
  }

  @Test
  void a_slow_call_may_be_made_again_and_again() throws Exception {
    for (int i = 0; i < 10; i++) {
      assertThat(call("running", Duration.ofSeconds(30))).isTrue();
    }
    assertThat(detector.isStuck()).isFalse();
  }

  private int calls(String... results) throws Exception {
    int made = 0;
    for (String result : results) {
      made += call(result, Duration.ofMillis(1)) ? 1 : 0;
    }
    return made;
  }

  private boolean call(String result, Duration took) throws Exception {
    Tool tool = new ReadFileTool(ConfinedWorkspace.of(directory));
    ToolArguments arguments = ToolArguments.of("{\"path\":\"status\"}", tool.specification());
    boolean may = detector.mayCall(tool, arguments);
    now = now.plus(took);
    if (may) {
      detector.add(tool, arguments, new ToolResult.UntrustedText("file status", result));
    }
    return may;
  }
}
