package io.heartbeat4j.heartbeat.redact;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The values that are masked wherever they stand; immutable. Found by their first character. */
final class KnownSecrets {

  static final int SHORTEST = 4;
  static final int SHORTEST_LINE = 8;

  static final KnownSecrets NONE = new KnownSecrets(Set.of());

  private static final int BUCKETS = 256;

  private final Set<String> values;
  private final @Nullable String[][] byFirst = new @Nullable String[BUCKETS][];

  private KnownSecrets(Set<String> values) {
    this.values = values;
    for (String value : values) {
      int bucket = value.charAt(0) % BUCKETS;
      String[] others = byFirst[bucket];
      String[] grown = others == null ? new String[1] : Arrays.copyOf(others, others.length + 1);
      grown[grown.length - 1] = value;
      byFirst[bucket] = grown;
    }
  }

  KnownSecrets and(Collection<String> secrets) {
    Set<String> all = new LinkedHashSet<>(values);
    for (String secret : secrets) {
      add(secret, SHORTEST, all);
      add(secret.strip(), SHORTEST, all);
      secret.lines().skip(secret.indexOf('\n') < 0 ? 1 : 0).forEach(line -> add(line.strip(), SHORTEST_LINE, all));
    }
    return all.equals(values) ? this : new KnownSecrets(all);
  }

  private static void add(String value, int shortest, Set<String> values) {
    if (value.length() >= shortest && !value.isBlank()) {
      values.add(value);
    }
  }

  /**
   * Where the longest of the values that begin at {@code at} ends; {@link Match#UNDECIDED} where the text ends within
   * one, unless it is the last of the text.
   */
  int endOfMatch(String text, int at, boolean last) {
    String[] candidates = byFirst[text.charAt(at) % BUCKETS];
    if (candidates == null) {
      return Match.NONE;
    }
    int end = Match.NONE;
    for (String value : candidates) {
      int available = Math.min(value.length(), text.length() - at);
      if (text.regionMatches(at, value, 0, available)) {
        if (available == value.length()) {
          end = Math.max(end, at + available);
        } else if (!last) {
          return Match.UNDECIDED;
        }
      }
    }
    return end;
  }
}
