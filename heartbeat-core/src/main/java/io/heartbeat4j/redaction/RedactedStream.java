package io.heartbeat4j.redaction;

/**
 * Redacts text that comes in pieces. All pieces together give what {@link Redactor#redact} gives for the whole text; a
 * piece is held back only as far as it may be the beginning of a secret. Not thread-safe.
 */
public final class RedactedStream {

  private final Redactor redactor;
  private final Mask mask = new Mask();
  private String held = "";

  RedactedStream(Redactor redactor) {
    this.redactor = redactor;
  }

  /** Takes the next piece, and returns what can be shown by now; possibly nothing. */
  public String append(String piece) {
    return pass(piece, false);
  }

  /** Returns what was held back: the text is complete. The stream can be used for another text then. */
  public String end() {
    return pass("", true);
  }

  private String pass(String piece, boolean last) {
    String text = held.isEmpty() ? piece : held + piece;
    StringBuilder shown = new StringBuilder(text.length());
    int decided = mask.apply(text, last, redactor.known(), shown);
    held = text.substring(decided);
    if (last) {
      mask.reset();
    }
    return shown.toString();
  }
}
