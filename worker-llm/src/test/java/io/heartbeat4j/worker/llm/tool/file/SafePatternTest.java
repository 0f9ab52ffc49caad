package io.heartbeat4j.worker.llm.tool.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbeat4j.worker.agent.permission.PermissionPolicy;
import io.heartbeat4j.worker.agent.ToolCallException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafePatternTest {

  @ParameterizedTest
  @ValueSource(strings = {"(a+)+$", "(a|aa)+$", "(a|a?)+$", "(.*a){25}$", "^(([a-z])+.)+[A-Z]([a-z])+$", "(x+x+)+y"})
  @Timeout(20)
  void no_regular_expression_takes_for_ever(String evil) throws Exception {
    String text = "a".repeat(4_000) + "!";
    assertThat(SafePattern.regex(evil, true).matcher(text).find()).isIn(true, false);
  }

  @Test
  @Timeout(20)
  void no_pattern_for_names_takes_for_ever() throws Exception {
    assertThat(SafePattern.glob("*a".repeat(100) + "b").matches("a".repeat(4000))).isFalse();
    assertThat(SafePattern.glob("**a".repeat(100) + "b").matches("a/".repeat(2000))).isFalse();
    assertThat(SafePattern.glob("{*a,*a*}".repeat(50) + "b").matches("a".repeat(4000))).isFalse();
  }

  @Test
  @Timeout(20)
  void no_command_keeps_a_rule_busy() throws Exception {
    assertThat(PermissionPolicy.of(List.of("deny write " + "*a".repeat(30) + "b")).decide(
        "write", true, "a".repeat(50_000)))
        .isInstanceOf(PermissionPolicy.Verdict.Allowed.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a(?=b)", "(?<!a)b", "(a)\\1", "a++", "(", "((((a{90}){90}){90}){90})",
      "((a{90,}){90,}){90,}",
      "((a{0,90}){0,90}){0,90}"})
  void what_can_not_be_used_is_told(String written) {
    assertThatThrownBy(() -> SafePattern.regex(written, false)).isInstanceOf(ToolCallException.class)
        .hasMessageContaining("is not a regular expression that can be used").hasMessageContaining("RE2");
  }

  @Test
  void a_pattern_is_short() {
    for (String huge : List.of("(".repeat(1001), "a".repeat(5000))) {
      assertThatThrownBy(() -> SafePattern.regex(huge, false)).hasMessageContaining("at most 1000 characters");
      assertThatThrownBy(() -> SafePattern.glob(huge)).hasMessageContaining("at most 1000 characters");
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      **/*.java        | A.java           | true
      **/*.java        | a/b/A.java       | true
      *.java           | a/A.java         | false
      src/**/T*.py     | src/a/b/Test.py  | true
      *.{java,kt}      | A.kt             | true
      *.{java,kt}      | A.kts            | false
      [!a-c]?          | dx               | true
      [!a-c]?          | bx               | false
      [a-c.^]x         | ^x               | true
      a\\*              | a*               | true
      a\\*              | ab               | false
      a.b              | axb              | false
      \u00e4\ud83d\ude00?       | \u00e4\ud83d\ude00\ud83d\ude01    | true
      """)
  void names_fit_as_usual(String pattern, String name, boolean fits) throws Exception {
    assertThat(SafePattern.glob(pattern).matches(name)).isEqualTo(fits);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[a", "{a", "{a,{b}}", "a\\", "[c-a]"})
  void what_is_no_pattern_is_told(String written) {
    assertThatThrownBy(() -> SafePattern.glob(written)).isInstanceOf(ToolCallException.class)
        .hasMessageContaining("is not a pattern");
  }

  @Property(tries = 500)
  void names_fit_as_in_java(
      @ForAll @StringLength(min = 1, max = 8) @Chars({'a', 'b', '*', '?', '[', ']', '{', '}', ',', '!',
          '.'}) String pattern,
      @ForAll @StringLength(min = 1, max = 6) @Chars({'a', 'b', '/', '.', ','}) String name) throws Exception {
    PathMatcher matcher;
    com.google.re2j.Pattern compiled;
    try {
      matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
      compiled = SafePattern.glob(pattern);
    } catch (PatternSyntaxException | ToolCallException none) {
      return;
    }
    Path path = Path.of(name);
    assertThat(compiled.matches(path.toString())).isEqualTo(matcher.matches(path));
  }
}
