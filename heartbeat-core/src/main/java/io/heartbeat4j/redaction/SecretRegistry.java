package io.heartbeat4j.redaction;

import java.util.NavigableSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The values that are masked wherever they stand. It only grows. Thread-safe.
 *
 * <p>Ten thousand agents have twice as many keys, and they may all begin alike: so the values are sorted, and searched
 * only where the text goes on as one of them begins.
 */
final class SecretRegistry {

  static final int MIN_LENGTH = 4;
  static final int MIN_LINE_LENGTH = 8;

  private static final int PREFIX_FILTER_BITS = 1 << 16;

  private final NavigableSet<String> values = new ConcurrentSkipListSet<>();
  private final AtomicLongArray prefixFilter = new AtomicLongArray(PREFIX_FILTER_BITS / Long.SIZE);
  private final AtomicInteger maxLength = new AtomicInteger();

  void add(String secret) {
    add(secret, MIN_LENGTH);
    add(secret.strip(), MIN_LENGTH);
    secret.lines().skip(secret.indexOf('\n') < 0 ? 1 : 0).forEach(line -> add(line.strip(), MIN_LINE_LENGTH));
  }

  private void add(String value, int shortest) {
    if (value.length() >= shortest && !value.isBlank()) {
      int beginning = prefixHash(value, 0);
      maxLength.accumulateAndGet(value.length(), Math::max);
      values.add(value);
      prefixFilter.accumulateAndGet(beginning / Long.SIZE, 1L << beginning, (before, bit) -> before | bit);
    }
  }

  private static int prefixHash(String text, int at) {
    int hash = 0;
    for (int i = at; i < at + MIN_LENGTH; i++) {
      hash = 31 * hash + text.charAt(i);
    }
    return hash & (PREFIX_FILTER_BITS - 1);
  }

  private boolean mayStartAt(String text, int at, boolean last) {
    if (text.length() - at < MIN_LENGTH) {
      return !last;
    }
    int beginning = prefixHash(text, at);
    return (prefixFilter.get(beginning / Long.SIZE) & 1L << beginning) != 0;
  }

  /**
   * Where the longest of the values that begin at {@code at} ends; {@link MatchPosition#UNDECIDED} where the text ends
   * within one, unless it is the last of the text.
   */
  int endOfMatch(String text, int at, boolean last) {
    if (!mayStartAt(text, at, last)) {
      return MatchPosition.NONE;
    }
    String here = text.substring(at, Math.min(text.length(), at + maxLength.get()));
    if (!last && at + here.length() == text.length()) {
      String next = values.higher(here);
      if (next != null && next.startsWith(here)) {
        return MatchPosition.UNDECIDED;
      }
    }
    int length = longestPrefixOf(here);
    return length == 0 ? MatchPosition.NONE : at + length;
  }

  /** The nearest value below a text is the longest that it begins with, or says how much of the text one can have. */
  private int longestPrefixOf(String text) {
    String rest = text;
    while (rest.length() >= MIN_LENGTH) {
      String value = values.floor(rest);
      if (value == null) {
        return 0;
      }
      int common = commonPrefixLength(value, rest);
      if (common == value.length()) {
        return common;
      }
      rest = rest.substring(0, common);
    }
    return 0;
  }

  private static int commonPrefixLength(String one, String other) {
    int most = Math.min(one.length(), other.length());
    int common = 0;
    while (common < most && one.charAt(common) == other.charAt(common)) {
      common++;
    }
    return common;
  }
}
