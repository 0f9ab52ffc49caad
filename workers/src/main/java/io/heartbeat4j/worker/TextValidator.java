package io.heartbeat4j.worker;

/** Text that a person will read. */
final class TextValidator {

  private TextValidator() {}

  static String requireNonBlank(String what, String text) {
    if (text == null || text.isBlank()) {
      throw new IllegalArgumentException(what + " is missing: a worker's result never goes without a word");
    }
    return text.strip();
  }
}
