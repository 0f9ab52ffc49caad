package io.heartbeat4j.worker.shell;

/** A command that gave no result; the message is for the manager. */
final class CommandFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  CommandFailedException(String message) {
    super(message);
  }
}
