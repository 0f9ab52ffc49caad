package io.heartbeat4j.worker.agent.permission;

import com.google.re2j.Pattern;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One line of the operator's permissions: {@code allow run mvn *}.
 *
 * @param tool a tool's name, where {@code *} stands for any characters
 * @param subject a path or command, where {@code *} stands for any characters; empty for every call
 */
record PermissionRule(Decision decision, String tool, Optional<String> subject, String source) {

  /** Ordered: where several rules fit, the strictest holds. */
  enum Decision {
    ALLOW, ASK, DENY
  }

  /** @throws IllegalArgumentException if it is not a rule, in words for the operator */
  static PermissionRule of(String line) {
    String[] words = line.strip().split("\\s+", 3);
    if (words.length < 2) {
      throw new IllegalArgumentException("permissions: '" + line + "' is not 'allow|ask|deny TOOL [PATTERN]'");
    }
    Decision decision;
    try {
      decision = Decision.valueOf(words[0].toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException neither) {
      throw new IllegalArgumentException(
          "permissions: '" + line + "' begins with '" + words[0] + "', not with allow, ask or deny", neither);
    }
    return new PermissionRule(decision, words[1], words.length < 3 ? Optional.empty() : Optional.of(words[2].strip()),
        line.strip());
  }

  boolean appliesTo(String name) {
    return matches(tool, name);
  }

  /** Whether the pattern is about this very file, in any directory: {@code *.md} is not. */
  boolean names(String file) {
    return subject.map(pattern -> pattern.substring(1 + Math.max(pattern.lastIndexOf('/'), pattern.lastIndexOf('*'))))
        .filter(file::equals).isPresent();
  }

  /** {@code *} and {@code **} are any characters, spaces and slashes too; everything else is itself. */
  static boolean matches(String pattern, String text) {
    String regex = Arrays.stream(pattern.split("\\*+", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
    return Pattern.compile(regex, Pattern.DOTALL).matcher(text).matches();
  }
}
