package io.heartbeat4j.worker.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class LineSplitterTest {

  private static List<String> lines(int longest, int pieceLength, String text) {
    List<String> lines = new ArrayList<>();
    LineSplitter reader = new LineSplitter(longest, lines::add);
    for (int from = 0; from < text.length(); from += pieceLength) {
      char[] piece = text.substring(from, Math.min(text.length(), from + pieceLength)).toCharArray();
      reader.add(piece, piece.length);
    }
    reader.flush();
    return lines;
  }

  @Property
  void however_the_text_is_cut_into_pieces_the_lines_are_the_same(
      @ForAll @StringLength(max = 40) @CharRange(from = 'a', to = 'c') @Chars({'\n', '\r', ' '}) String text,
      @ForAll @IntRange(min = 1, max = 9) int pieceLength) {
    assertThat(lines(1_000, pieceLength, text)).isEqualTo(text.lines().toList());
  }

  @Test
  void a_line_that_is_too_long_keeps_its_first_whole_words() {
    assertThat(lines(12, 5, "one two sesame-open\nnext")).containsExactly(
        "one two (the rest of this line is left out)", "next");
  }

  @Test
  void a_word_that_is_too_long_is_left_out_as_a_whole() {
    assertThat(lines(12, 5, "x".repeat(50) + "\nnext")).containsExactly("(the rest of this line is left out)", "next");
  }

  @Test
  void a_line_without_an_end_does_not_fill_the_memory() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    List<String> lines = new ArrayList<>();
    LineSplitter splitter = new LineSplitter(16_000, lines::add);
    char[] piece = new char[1 << 16];
    Arrays.fill(piece, 'x');
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 1000; i++) {
      splitter.add(piece, piece.length);
    }
    splitter.flush();
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1_000_000);
    assertThat(lines).containsExactly("(the rest of this line is left out)");
  }

  @Test
  void the_end_that_is_kept_of_output_begins_with_a_whole_word() {
    OutputTailBuffer outputTailBuffer = new OutputTailBuffer(20);
    outputTailBuffer.add("the password is sesame-open today", true);

    assertThat(outputTailBuffer.text()).isEqualTo("(earlier output is left out)\nsesame-open today");
  }
}
