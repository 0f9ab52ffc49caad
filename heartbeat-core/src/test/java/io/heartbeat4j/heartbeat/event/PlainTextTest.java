package io.heartbeat4j.heartbeat.event;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PlainTextTest {

  @Test
  void a_text_can_not_act_on_a_terminal() {
    assertThat(PlainText.of("done\u001b[2K\u001b]0;title\u0007\rfailed\u009b1A \u202ereversed\u2066"))
        .isEqualTo("done\uFFFD[2K\uFFFD]0;title\uFFFD\uFFFDfailed\uFFFD1A \uFFFDreversed\uFFFD");
    assertThat(PlainText.line("one\n\ttwo \u00e4\ud83d\ude00")).isEqualTo("one \ttwo \u00e4\ud83d\ude00");
  }

  @Property(tries = 300)
  void no_text_leaves_a_control_character(@ForAll String text) {
    assertThat(PlainText.line(text)).hasSameSizeAs(text).doesNotContainPattern("[\\p{Cntrl}&&[^\\t]]");
  }
}
