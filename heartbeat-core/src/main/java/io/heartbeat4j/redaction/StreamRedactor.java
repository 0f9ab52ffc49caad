package io.heartbeat4j.redaction;

/**
 * Redacts text that comes in pieces. All pieces together give what {@link Redactor#redact} gives for the whole text; a
 * piece is held back only as far as it may be the beginning of a secret. Not thread-safe.
 */
public final class StreamRedactor {

  private final Redactor redactor;
  private final RedactionScanner scanner = new RedactionScanner();
  private String heldBack = "";

  StreamRedactor(Redactor redactor) {
    this.redactor = redactor;
  }

  /** Takes the next piece, and returns what can be shown by now; possibly nothing. */
  public String append(String piece) {
    return scan(piece, false);
  }

  /** Returns what was held back: the text is complete. The stream can be used for another text then. */
  public String end() {
    return scan("", true);
  }

  private String scan(String piece, boolean last) {
    String text = heldBack.isEmpty() ? piece : heldBack + piece;
    StringBuilder shown = new StringBuilder(text.length());
    int decided = scanner.scan(text, last, redactor.secrets(), shown);
    heldBack = text.substring(decided);
    if (last) {
      scanner.reset();
    }
    return shown.toString();
  }
}
