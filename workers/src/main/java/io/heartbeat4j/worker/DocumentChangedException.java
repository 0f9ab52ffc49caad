package io.heartbeat4j.worker;

import org.apiguardian.api.API;

/** Somebody else changed the document since it was read: nothing is written. Read it again first. */
@API(status = API.Status.STABLE, since = "1.0")
public final class DocumentChangedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public DocumentChangedException(String key) {
    super("the document '" + key + "' has changed since it was read");
  }
}
