package io.heartbeat4j.redaction;

import org.jspecify.annotations.Nullable;

/**
 * One pass over a text from left to right. What overlaps is masked as one, so that no part of a secret is left beside
 * another one.
 */
final class RedactionScanner {

  /** The first position that is not known to be part of a secret. */
  private int maskedUntil;

  /** The shape whose tail may go on at {@code tailFrom}. */
  private @Nullable SecretPattern tail;

  private int tailFrom;

  /** The last character of the text before. */
  private char before;

  /**
   * Appends to {@code shown} what can be decided.
   *
   * @param last whether nothing comes after {@code text}
   * @return how many characters were decided; the next text has to begin with the rest
   */
  int scan(String text, boolean last, SecretRegistry known, StringBuilder shown) {
    int at = 0;
    while (at < text.length()) {
      int plain = endOfPlain(text, at, known);
      shown.append(text, at, plain);
      at = plain;
      if (at == text.length() || !scanPosition(text, at, last, known, shown)) {
        break;
      }
      at++;
    }
    before = at > 0 ? text.charAt(at - 1) : before;
    maskedUntil = Math.max(0, maskedUntil - at);
    tailFrom = Math.max(0, tailFrom - at);
    return at;
  }

  void reset() {
    maskedUntil = 0;
    tailFrom = 0;
    tail = null;
    before = 0;
  }

  /** The end of the characters where nothing can begin or go on, which most of a text are. */
  private int endOfPlain(String text, int at, SecretRegistry known) {
    if (tail != null || at < maskedUntil) {
      return at;
    }
    int end = at;
    int limit = text.length() - SecretRegistry.MIN_LENGTH;
    while (end <= limit && !SecretPattern.mayStartAt(text, end) && !known.mayStartAt(text, end)) {
      end++;
    }
    return end;
  }

  /** Decides one position; false where more text is needed. */
  private boolean scanPosition(String text, int at, boolean last, SecretRegistry known, StringBuilder shown) {
    if (!scanTail(text, at, last)) {
      return false;
    }
    SecretPattern secretPattern = SecretPattern.startingWith(
        at == 0 ? before : text.charAt(at - 1), text.charAt(at), tail);
    int opening = secretPattern == null ? MatchPosition.NONE : secretPattern.endOfOpening(text, at, last);
    int exact = known.endOfMatch(text, at, last);
    if (opening == MatchPosition.UNDECIDED || exact == MatchPosition.UNDECIDED) {
      return false;
    }
    if (at >= maskedUntil) {
      if (secretPattern != null && opening != MatchPosition.NONE) {
        shown.append(secretPattern.replacement());
      } else if (exact != MatchPosition.NONE) {
        shown.append("***");
      } else {
        shown.append(text.charAt(at));
      }
    }
    if (opening != MatchPosition.NONE) {
      tail = secretPattern;
      tailFrom = opening;
    }
    maskedUntil = Math.max(maskedUntil, Math.max(opening, exact));
    return true;
  }

  private boolean scanTail(String text, int at, boolean last) {
    SecretPattern secretPattern = tail;
    if (secretPattern == null || at < tailFrom) {
      return true;
    }
    int closing = secretPattern.endOfClosing(text, at, last);
    if (closing == MatchPosition.UNDECIDED) {
      return false;
    }
    if (closing != MatchPosition.NONE) {
      tail = null;
      maskedUntil = Math.max(maskedUntil, closing);
    } else if (secretPattern.continuesWith(text.charAt(at))) {
      maskedUntil = Math.max(maskedUntil, at + 1);
    } else {
      tail = null;
    }
    return true;
  }
}
