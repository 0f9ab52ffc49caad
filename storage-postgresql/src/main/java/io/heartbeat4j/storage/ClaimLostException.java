package io.heartbeat4j.storage;

/** The process was silent for longer than its lease, so that another one may have claimed the record. */
public final class ClaimLostException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public ClaimLostException(String message) {
    super(message);
  }
}
