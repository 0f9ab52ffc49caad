package io.heartbeat4j.storage.postgresql;

/** This process holds no lease at the moment, so that it can't claim. It registers anew as soon as it can. */
final class NoTermException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  NoTermException() {
    super("this process is not registered: its lease ran out and it has not registered anew yet");
  }
}
