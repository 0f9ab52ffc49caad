package io.heartbeat4j.worker.agent.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressLinesTest {

  private final List<String> shown = new ArrayList<>();
  private final ProgressLines lines = new ProgressLines(shown::add);

  private void add(String text) {
    lines.add(text.toCharArray(), text.length());
  }

  @Test
  void a_line_without_an_end_does_not_fill_the_memory() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    char[] piece = new char[1 << 16];
    Arrays.fill(piece, 'x');
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 1000; i++) {
      lines.add(piece, piece.length);
    }
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1_000_000);
    add("\nnext\n");
    assertThat(shown).containsExactly("x".repeat(400) + "...", "next");
  }

  @Test
  void a_line_that_just_fits_is_whole_and_lines_after_the_first_two_hundred_are_left_out() {
    add("x".repeat(400) + "\n" + "\n".repeat(500));
    assertThat(shown).hasSize(201).startsWith("x".repeat(400), "").endsWith("", "(more output is not shown)");
  }
}
