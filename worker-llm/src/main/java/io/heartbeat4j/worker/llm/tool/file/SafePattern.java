package io.heartbeat4j.worker.llm.tool.file;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.heartbeat4j.worker.agent.ToolCallException;

/** Patterns that a model writes, compiled so that a search takes time in proportion to the text. */
final class SafePattern {

  private static final int MOST_LENGTH = 1000;
  private static final int MOST_COPIES = 1000;
  private static final Pattern COUNT = Pattern.compile("\\{(\\d{1,9}),?(\\d{0,9})\\}");

  private SafePattern() {}

  /**
   * Compiles a regular expression.
   *
   * @throws ToolCallException if it is none, or needs more than RE2 can do
   */
  static Pattern regex(String written, boolean ignoreCase) throws ToolCallException {
    checkLength(written);
    checkCounts(written);
    try {
      return Pattern.compile(written, ignoreCase ? Pattern.CASE_INSENSITIVE : 0);
    } catch (PatternSyntaxException wrong) {
      throw new ToolCallException("'" + written + "' is not a regular expression that can be used ("
          + wrong.getDescription() + "). The syntax is RE2's, without look-around and back-references");
    }
  }

  /**
   * Compiles a pattern for the names of files. {@code **} between slashes or at the start stands for no directory
   * too, as in most tools and unlike in Java.
   *
   * @throws ToolCallException if it is none
   */
  static Pattern glob(String written) throws ToolCallException {
    checkLength(written);
    boolean anywhere = written.startsWith("**/");
    String rest = anywhere ? written.substring(3) : written;
    StringBuilder regex = new StringBuilder(anywhere ? "(?:.*/)?" : "");
    boolean group = false;
    for (int i = 0; i < rest.length(); i++) {
      char c = rest.charAt(i);
      if (rest.startsWith("/**/", i)) {
        regex.append("/(?:.*/)?");
        i += 3;
      } else if (c == '*') {
        boolean all = rest.startsWith("**", i);
        regex.append(all ? ".*" : "[^/]*");
        i += all ? 1 : 0;
      } else if (c == '?') {
        regex.append("[^/]");
      } else if (c == '[') {
        int end = rest.indexOf(']', i + 1);
        if (end < 0) {
          throw notAPattern(written, "a [ without a ]");
        }
        regex.append(characters(rest.substring(i + 1, end)));
        i = end;
      } else if (c == '{' && group) {
        throw notAPattern(written, "a { within a {");
      } else if (c == '{' || (group && (c == '}' || c == ','))) {
        group = c != '}';
        regex.append(c == '{' ? "(?:" : c == '}' ? ")" : "|");
      } else {
        if (c == '\\' && ++i == rest.length()) {
          throw notAPattern(written, "a \\ at the end");
        }
        regex.append(quoted(rest, i));
        i += Character.isSurrogatePair(rest.charAt(i), i + 1 < rest.length() ? rest.charAt(i + 1) : 'x') ? 1 : 0;
      }
    }
    if (group) {
      throw notAPattern(written, "a { without a }");
    }
    try {
      return Pattern.compile(regex.toString(), Pattern.DOTALL);
    } catch (PatternSyntaxException wrong) {
      throw notAPattern(written, wrong.getDescription());
    }
  }

  private static String quoted(String text, int at) {
    return Pattern.quote(Character.toString(text.codePointAt(at)));
  }

  /** One of these characters, or with an exclamation mark none of them; never a slash. */
  private static String characters(String within) {
    boolean none = within.startsWith("!");
    StringBuilder regex = new StringBuilder(none ? "[^/" : "[");
    within.substring(none ? 1 : 0).codePoints().forEach(c -> {
      if (c != '-' && !Character.isLetterOrDigit(c)) {
        regex.append('\\').append('x').append('{').append(Integer.toHexString(c)).append('}');
      } else {
        regex.appendCodePoint(c);
      }
    });
    return regex.append(']').toString();
  }

  private static void checkLength(String written) throws ToolCallException {
    if (written.length() > MOST_LENGTH) {
      throw new ToolCallException("a pattern has at most " + MOST_LENGTH + " characters");
    }
  }

  /** RE2/J copies what is counted, and copies the copies where a counted part is in another one. */
  private static void checkCounts(String written) throws ToolCallException {
    long copies = 1;
    Matcher counts = COUNT.matcher(written);
    while (counts.find() && copies <= MOST_COPIES) {
      copies *= Math.max(1, Math.max(Long.parseLong(counts.group(1)), Long.parseLong("0" + counts.group(2))));
    }
    if (copies > MOST_COPIES) {
      throw new ToolCallException("'" + written + "' is not a regular expression that can be used: its counts, such as"
          + " {10}, multiply to more than " + MOST_COPIES + " in RE2");
    }
  }

  private static ToolCallException notAPattern(String written, String why) {
    return new ToolCallException("'" + written + "' is not a pattern: " + why);
  }
}
