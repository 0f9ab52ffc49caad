package io.heartbeat4j.worker.llm.tool.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbeat4j.worker.agent.ToolCallException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** An edit changes exactly what it says, or nothing. */
class ExactTextReplacerTest {

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("ab \n$\\.*é\uD83D").ofMaxLength(12);
  }

  @Property(tries = 5000)
  void only_the_one_place_changes(@ForAll("texts") String before, @ForAll("texts") String old,
      @ForAll("texts") String after, @ForAll("texts") String replacement) throws ToolCallException {
    String text = before + old + after;
    Assume.that(!old.isEmpty() && !old.equals(replacement) && text.indexOf(old) == before.length()
        && text.indexOf(old, before.length() + old.length()) < 0);
    ExactTextReplacer.Result result = ExactTextReplacer.replace(text, old, replacement, false);
    assertThat(result.text()).isEqualTo(before + replacement + after);
    assertThat(result.text().substring(result.from(), result.to())).isEqualTo(replacement);
    assertThat(result.times()).isEqualTo(1);
  }

  @Property(tries = 2000)
  void what_is_there_several_times_is_refused_unless_all_are_meant(@ForAll("texts") String between,
      @ForAll("texts") String old, @ForAll("texts") String replacement) throws ToolCallException {
    Assume.that(!old.isEmpty() && !old.equals(replacement) && !between.contains(old));
    String text = old + between + "|" + old;
    assertThatThrownBy(() -> ExactTextReplacer.replace(text, old, replacement, false))
        .isInstanceOf(ToolCallException.class)
        .hasMessageContaining("times in the file");
    assertThat(ExactTextReplacer.replace(text, old, replacement, true).text())
        .isEqualTo(text.replace(old, replacement));
  }

  @Property(tries = 2000)
  void what_is_not_there_is_refused(@ForAll("texts") String text, @ForAll("texts") String old) {
    Assume.that(!old.isEmpty() && !text.contains(old));
    assertThatThrownBy(() -> ExactTextReplacer.replace(text, old, "anything else", true))
        .isInstanceOf(ToolCallException.class)
        .hasMessageContaining("not in the file");
  }

  @Example
  void line_ends_of_windows_are_kept() throws ToolCallException {
    assertThat(ExactTextReplacer.replace("one\r\ntwo\r\nthree\r\n", "two\nthree", "2\n3", false).text())
        .isEqualTo("one\r\n2\r\n3\r\n");
  }
}
