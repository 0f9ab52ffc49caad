package io.heartbeat4j.worker.llm;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import io.heartbeat4j.protocol.IssueStatus;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What one call of the model costs this process in CPU: the loop, a tool, the transcript, HTTP and the stream, and the whole
 * heartbeat around it. The provider is a process of its own. Not run by itself: see benchmarks/README.md.
 */
class LoopBenchmark {

  private static final int CALLS = 40;
  private static final int ROUNDS = 12;
  private static final int WARM_UP = 6;

  @Test
  void cpu_of_one_call() throws Exception {
    OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    Turn[] turns = new Turn[CALLS];
    for (int i = 0; i < CALLS - 1; i++) {
      turns[i] = Turn.calling("read", Map.of("path", "file-" + i));
    }
    turns[CALLS - 1] = Turn.finishing("done", "Read them.");
    try (Desk desk = Desk.open(Wire.ANTHROPIC, turns)) {
      for (int i = 0; i < CALLS; i++) {
        desk.has("file-" + i, "a line of text\n".repeat(40));
      }
      for (int round = 0; round < ROUNDS; round++) {
        long before = system.getProcessCpuTime();
        assertThat(desk.work("Read " + round, "them").status()).isEqualTo(IssueStatus.DONE);
        double millis = (system.getProcessCpuTime() - before) / 1e6 / CALLS;
        System.out.printf("%s round %d: %.2f ms of CPU per call%n", round < WARM_UP ? "(warm-up)" : "counted", round, millis);
      }
    }
  }
}
