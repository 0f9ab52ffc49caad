package io.heartbeat4j.worker.llm.tool.external;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HtmlTextTest {

  @ParameterizedTest
  @ValueSource(strings = {"<script ", "<style>", "<", "<a ", "</", "<script></", "<script></script", "<!--", " \t",
      "\n"})
  @Timeout(10)
  void no_page_takes_for_ever(String piece) {
    assertThat(HtmlText.of(piece.repeat(2_000_000 / piece.length()))).isBlank();
  }

  @Test
  void words_are_left() {
    assertThat(HtmlText.of("<html><SCRIPT type='x'>if (a < b) x()</Script >\n\n  <style>b{}</style><b>Hello</b>\t there"
        + "\n<scripture>it says</scripture> 1 > 0")).isEqualTo("Hello there\nit says 1 > 0");
    assertThat(HtmlText.of("plain & simple")).isEqualTo("plain & simple");
    assertThat(HtmlText.of("before <script>never ended")).isEqualTo("before");
    assertThat(HtmlText.of("")).isEmpty();
  }
}
