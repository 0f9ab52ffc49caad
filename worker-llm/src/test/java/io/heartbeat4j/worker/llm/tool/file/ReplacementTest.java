package io.heartbeat4j.worker.llm.tool.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbeat4j.worker.llm.tool.ToolFailure;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** An edit changes exactly what it says, or nothing. */
class ReplacementTest {

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("ab \n$\\.*é\uD83D").ofMaxLength(12);
  }

  @Property(tries = 5000)
  void only_the_one_place_changes(@ForAll("texts") String before, @ForAll("texts") String old,
      @ForAll("texts") String after, @ForAll("texts") String replacement) throws ToolFailure {
    String text = before + old + after;
    Assume.that(!old.isEmpty() && !old.equals(replacement) && text.indexOf(old) == before.length()
        && text.indexOf(old, before.length() + old.length()) < 0);
    Replacement.Replaced replaced = Replacement.in(text, old, replacement, false);
    assertThat(replaced.text()).isEqualTo(before + replacement + after);
    assertThat(replaced.text().substring(replaced.from(), replaced.to())).isEqualTo(replacement);
    assertThat(replaced.times()).isEqualTo(1);
  }

  @Property(tries = 2000)
  void what_is_there_several_times_is_refused_unless_all_are_meant(@ForAll("texts") String between,
      @ForAll("texts") String old, @ForAll("texts") String replacement) throws ToolFailure {
    Assume.that(!old.isEmpty() && !old.equals(replacement) && !between.contains(old));
    String text = old + between + "|" + old;
    assertThatThrownBy(() -> Replacement.in(text, old, replacement, false)).isInstanceOf(ToolFailure.class)
        .hasMessageContaining("times in the file");
    assertThat(Replacement.in(text, old, replacement, true).text()).isEqualTo(text.replace(old, replacement));
  }

  @Property(tries = 2000)
  void what_is_not_there_is_refused(@ForAll("texts") String text, @ForAll("texts") String old) {
    Assume.that(!old.isEmpty() && !text.contains(old));
    assertThatThrownBy(() -> Replacement.in(text, old, "anything else", true)).isInstanceOf(ToolFailure.class)
        .hasMessageContaining("not in the file");
  }

  @Example
  void line_ends_of_windows_are_kept() throws ToolFailure {
    assertThat(Replacement.in("one\r\ntwo\r\nthree\r\n", "two\nthree", "2\n3", false).text()).isEqualTo("one\r\n2\r\n3\r\n");
  }
}
