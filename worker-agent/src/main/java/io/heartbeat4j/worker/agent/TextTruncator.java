package io.heartbeat4j.worker.agent;

/** Truncates long text in the middle. */
public final class TextTruncator {

  private TextTruncator() {}

  public static String cutMiddle(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int head = most / 3;
    int tail = most - head;
    return text.substring(0, head) + "\n[... " + (text.length() - most) + " characters left out ...]\n"
        + text.substring(text.length() - tail);
  }

  public static String cutEnd(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most) + "...";
  }
}
