package io.heartbeat4j.storage;

import java.io.IOException;

/** The disk or the database failed. The message says what could not be done and what to change. */
public final class StorageException extends IOException {

  private static final long serialVersionUID = 1L;

  public StorageException(String message, Throwable cause) {
    super(message, cause);
  }

  public StorageException(String message) {
    super(message);
  }
}
