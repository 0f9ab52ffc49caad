package io.heartbeat4j.redaction;

import java.util.NavigableSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The values that are masked wherever they stand, in upper and lower case. It only grows. Thread-safe.
 *
 * <p>Ten thousand agents have twice as many keys, each in several forms, and they may all begin alike: so the values are
 * sorted, and searched only where the text goes on as one of them begins.
 */
final class SecretRegistry {

  static final int MIN_LENGTH = 4;
  static final int MIN_LINE_LENGTH = 8;

  /** Encoded, a shorter value is like ordinary text. */
  static final int MIN_ENCODED_LENGTH = 8;

  private static final int MIN_FILTER_BITS = 1 << 16;
  private static final int FILTER_BITS_PER_VALUE = 32;

  private final NavigableSet<String> values = new ConcurrentSkipListSet<>();
  private int size;
  private volatile AtomicLongArray prefixFilter = new AtomicLongArray(MIN_FILTER_BITS / Long.SIZE);
  private volatile int maxLength;

  void add(String secret) {
    add(secret, MIN_LENGTH);
    String stripped = secret.strip();
    add(stripped, MIN_LENGTH);
    if (stripped.length() >= MIN_ENCODED_LENGTH) {
      SecretForms.encoded(stripped).forEach(form -> add(form, MIN_ENCODED_LENGTH));
    }
    secret.lines().skip(secret.indexOf('\n') < 0 ? 1 : 0).forEach(line -> add(line.strip(), MIN_LINE_LENGTH));
  }

  private synchronized void add(String value, int shortest) {
    if (value.length() < shortest || value.isBlank()) {
      return;
    }
    String folded = fold(value, 0, value.length());
    maxLength = Math.max(maxLength, folded.length());
    if (values.add(folded) && ++size * FILTER_BITS_PER_VALUE > bits(prefixFilter)) {
      AtomicLongArray larger = new AtomicLongArray(2 * prefixFilter.length());
      values.forEach(each -> mark(larger, each));
      prefixFilter = larger;
    }
    mark(prefixFilter, folded);
  }

  private static void mark(AtomicLongArray filter, String value) {
    int prefix = prefixHash(value, 0) & (bits(filter) - 1);
    filter.accumulateAndGet(prefix / Long.SIZE, 1L << prefix, (before, bit) -> before | bit);
  }

  private static int bits(AtomicLongArray filter) {
    return filter.length() * Long.SIZE;
  }

  private static int prefixHash(String text, int at) {
    int hash = fold(text.charAt(at)) * 0x2F0B4C47 + fold(text.charAt(at + 1)) * 0x1B873593
        + fold(text.charAt(at + 2)) * 0x05EBCA6B + fold(text.charAt(at + 3)) * 0x27D4EB2F;
    return hash ^ hash >>> 15;
  }

  private static char fold(char c) {
    return c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
  }

  private static String fold(String text, int from, int to) {
    char[] folded = new char[to - from];
    for (int i = from; i < to; i++) {
      folded[i - from] = fold(text.charAt(i));
    }
    return new String(folded);
  }

  /** Whether a value may begin at a position from which on {@link #MIN_LENGTH} characters are there. */
  boolean mayStartAt(String text, int at) {
    AtomicLongArray filter = prefixFilter;
    int prefix = prefixHash(text, at) & (bits(filter) - 1);
    return (filter.getPlain(prefix / Long.SIZE) & 1L << prefix) != 0;
  }

  /**
   * Where the longest of the values that begin at {@code at} ends; {@link MatchPosition#UNDECIDED} where the text ends
   * within one, unless it is the last of the text.
   */
  int endOfMatch(String text, int at, boolean last) {
    boolean isShort = text.length() - at < MIN_LENGTH;
    if (isShort ? last : !mayStartAt(text, at)) {
      return MatchPosition.NONE;
    }
    String here = fold(text, at, Math.min(text.length(), at + maxLength));
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
