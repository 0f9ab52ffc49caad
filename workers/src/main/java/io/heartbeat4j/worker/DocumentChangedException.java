package io.heartbeat4j.worker;

/** Somebody else changed the document since it was read: nothing is written. Read it again first. */
public final class DocumentChangedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public DocumentChangedException(String key) {
    super("the document '" + key + "' has changed since it was read");
  }
}
