package io.heartbeat4j.worker.llm.tool.file;

/** A text that ends a search over it at a time: some regular expressions take for ever. */
record TimeoutCharSequence(CharSequence text, long untilNanos) implements CharSequence {

  static final class TimedOut extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @Override
  public char charAt(int index) {
    if (System.nanoTime() - untilNanos > 0) {
      throw new TimedOut();
    }
    return text.charAt(index);
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return new TimeoutCharSequence(text.subSequence(start, end), untilNanos);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
