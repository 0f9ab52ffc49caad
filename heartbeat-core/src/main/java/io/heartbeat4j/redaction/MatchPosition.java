package io.heartbeat4j.redaction;

/** What a look at one position of a text can say, apart from where a match ends (which is never 0). */
final class MatchPosition {

  /** No secret begins here. */
  static final int NONE = 0;

  /** More text is needed to tell. */
  static final int UNDECIDED = -1;

  private MatchPosition() {}
}
