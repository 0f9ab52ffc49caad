package io.heartbeat4j.redaction;

import org.jspecify.annotations.Nullable;

/**
 * One pass over a text from left to right. What overlaps is masked as one, so that no part of a secret is left beside
 * another one.
 */
final class Mask {

  /** The first position that is not known to be part of a secret. */
  private int covered;

  /** The shape whose tail may go on at {@code tailFrom}. */
  private @Nullable Shape tail;

  private int tailFrom;

  /**
   * Appends to {@code shown} what can be decided.
   *
   * @param last whether nothing comes after {@code text}
   * @return how many characters were decided; the next text has to begin with the rest
   */
  int apply(String text, boolean last, KnownSecrets known, StringBuilder shown) {
    int at = 0;
    while (at < text.length() && step(text, at, last, known, shown)) {
      at++;
    }
    covered = Math.max(0, covered - at);
    tailFrom = Math.max(0, tailFrom - at);
    return at;
  }

  void reset() {
    covered = 0;
    tailFrom = 0;
    tail = null;
  }

  /** Decides one position; false where more text is needed. */
  private boolean step(String text, int at, boolean last, KnownSecrets known, StringBuilder shown) {
    if (!followTail(text, at, last)) {
      return false;
    }
    Shape shape = Shape.beginningWith(text.charAt(at), tail);
    int opening = shape == null ? Match.NONE : shape.endOfOpening(text, at, last);
    int exact = known.endOfMatch(text, at, last);
    if (opening == Match.UNDECIDED || exact == Match.UNDECIDED) {
      return false;
    }
    if (at >= covered) {
      if (shape != null && opening != Match.NONE) {
        shown.append(shape.masked());
      } else if (exact != Match.NONE) {
        shown.append("***");
      } else {
        shown.append(text.charAt(at));
      }
    }
    if (opening != Match.NONE) {
      tail = shape;
      tailFrom = opening;
    }
    covered = Math.max(covered, Math.max(opening, exact));
    return true;
  }

  private boolean followTail(String text, int at, boolean last) {
    Shape shape = tail;
    if (shape == null || at < tailFrom) {
      return true;
    }
    int closing = shape.endOfClosing(text, at, last);
    if (closing == Match.UNDECIDED) {
      return false;
    }
    if (closing != Match.NONE) {
      tail = null;
      covered = Math.max(covered, closing);
    } else if (shape.continuesWith(text.charAt(at))) {
      covered = Math.max(covered, at + 1);
    } else {
      tail = null;
    }
    return true;
  }
}
