package io.heartbeat4j.client;

import org.jspecify.annotations.Nullable;

/**
 * Why a call to the server failed, by what the caller can do about it: a {@link TransientFailure} may pass by itself, a
 * {@link PermanentFailure} will not. The message is one line: the request, what the server said, and what to do. It
 * holds no token and no run id.
 */
public abstract sealed class PaperclipException extends RuntimeException permits TransientFailure, PermanentFailure {

  private static final long serialVersionUID = 1L;

  PaperclipException(String message, @Nullable Throwable cause) {
    super(message, cause, true, false); // the message says where; a stack of event loop frames does not
  }
}
