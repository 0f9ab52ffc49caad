package io.heartbeat4j.worker.shell;

/** The command gave no result; the message is for people who read the issue. */
final class CommandFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  CommandFailedException(String message) {
    super(message);
  }
}
