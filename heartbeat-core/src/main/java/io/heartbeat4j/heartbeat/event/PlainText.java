package io.heartbeat4j.heartbeat.event;

/** Text for terminals and logs, whoever has written it. */
public final class PlainText {

  private static final char REPLACEMENT = '\uFFFD';

  private PlainText() {}

  /**
   * The text with U+FFFD for control characters other than line breaks and tabs, and for those that change the direction
   * of writing: these let a text move a terminal's cursor, hide lines or look like another one.
   */
  public static String of(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    text.chars().forEach(c -> plain.append(isPlain(c) ? (char) c : REPLACEMENT));
    return plain.toString();
  }

  private static boolean isPlain(int c) {
    return c == '\n' || c == '\t'
        || !(Character.isISOControl(c) || (c >= '\u202A' && c <= '\u202E') || (c >= '\u2066' && c <= '\u2069'));
  }

  /** The same on one line. */
  public static String line(String text) {
    return of(text).replace('\n', ' ');
  }
}
