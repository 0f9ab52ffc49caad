package io.heartbeat4j.redaction;

import java.util.NavigableSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The values that are masked wherever they stand. It only grows. Thread-safe.
 *
 * <p>Ten thousand agents have twice as many keys, and they may all begin alike: so the values are sorted, and searched only
 * where the text goes on as one of them begins.
 */
final class KnownSecrets {

  static final int SHORTEST = 4;
  static final int SHORTEST_LINE = 8;

  private static final int BEGINNINGS = 1 << 16;

  private final NavigableSet<String> values = new ConcurrentSkipListSet<>();
  private final AtomicLongArray beginnings = new AtomicLongArray(BEGINNINGS / Long.SIZE);
  private final AtomicInteger longest = new AtomicInteger();

  void add(String secret) {
    add(secret, SHORTEST);
    add(secret.strip(), SHORTEST);
    secret.lines().skip(secret.indexOf('\n') < 0 ? 1 : 0).forEach(line -> add(line.strip(), SHORTEST_LINE));
  }

  private void add(String value, int shortest) {
    if (value.length() >= shortest && !value.isBlank()) {
      int beginning = beginning(value, 0);
      longest.accumulateAndGet(value.length(), Math::max);
      values.add(value);
      beginnings.accumulateAndGet(beginning / Long.SIZE, 1L << beginning, (before, bit) -> before | bit);
    }
  }

  private static int beginning(String text, int at) {
    int hash = 0;
    for (int i = at; i < at + SHORTEST; i++) {
      hash = 31 * hash + text.charAt(i);
    }
    return hash & (BEGINNINGS - 1);
  }

  private boolean mayBegin(String text, int at, boolean last) {
    if (text.length() - at < SHORTEST) {
      return !last;
    }
    int beginning = beginning(text, at);
    return (beginnings.get(beginning / Long.SIZE) & 1L << beginning) != 0;
  }

  /**
   * Where the longest of the values that begin at {@code at} ends; {@link Match#UNDECIDED} where the text ends within
   * one, unless it is the last of the text.
   */
  int endOfMatch(String text, int at, boolean last) {
    if (!mayBegin(text, at, last)) {
      return Match.NONE;
    }
    String here = text.substring(at, Math.min(text.length(), at + longest.get()));
    if (!last && at + here.length() == text.length()) {
      String next = values.higher(here);
      if (next != null && next.startsWith(here)) {
        return Match.UNDECIDED;
      }
    }
    int length = longestAtTheBeginningOf(here);
    return length == 0 ? Match.NONE : at + length;
  }

  /** The nearest value below a text is the longest that it begins with, or says how much of the text one can have. */
  private int longestAtTheBeginningOf(String text) {
    String rest = text;
    while (rest.length() >= SHORTEST) {
      String value = values.floor(rest);
      if (value == null) {
        return 0;
      }
      int common = common(value, rest);
      if (common == value.length()) {
        return common;
      }
      rest = rest.substring(0, common);
    }
    return 0;
  }

  private static int common(String one, String other) {
    int most = Math.min(one.length(), other.length());
    int common = 0;
    while (common < most && one.charAt(common) == other.charAt(common)) {
      common++;
    }
    return common;
  }
}
