package io.heartbeat4j.worker.llm.provider;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A failed call of a model, by what can be done about it. */
public abstract sealed class ModelCallException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private ModelCallException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** The account's quota is used up, or the provider is overloaded: nobody should ask before the time is over. */
  public static final class RateLimited extends ModelCallException {
    private static final long serialVersionUID = 1L;
    private final Duration wait;

    RateLimited(String message, Duration wait, Throwable cause) {
      super(message, cause);
      this.wait = wait;
    }

    public Duration retryAfter() {
      return wait;
    }
  }

  /** The key is refused: a person has to change it. */
  public static final class KeyRefused extends ModelCallException {
    private static final long serialVersionUID = 1L;

    KeyRefused(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The messages are longer than the model can read. */
  public static final class ContextLengthExceeded extends ModelCallException {
    private static final long serialVersionUID = 1L;

    ContextLengthExceeded(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The connection broke, or the provider failed: the same call may work now. */
  public static final class TransientFailure extends ModelCallException {
    private static final long serialVersionUID = 1L;

    TransientFailure(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** The provider does not want this call, however often it is made. */
  public static final class RequestRejected extends ModelCallException {
    private static final long serialVersionUID = 1L;

    private final int status;

    RequestRejected(String message, int status, Throwable cause) {
      super(message, cause);
      this.status = status;
    }

    /** Whether the provider finds fault with what was sent: another request may be taken. */
    public boolean isInvalid() {
      return status == 400 || status == 422;
    }
  }
}
