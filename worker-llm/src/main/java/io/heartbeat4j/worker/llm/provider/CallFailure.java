package io.heartbeat4j.worker.llm.provider;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Why a call of a model gave no answer, by what can be done about it. */
public abstract sealed class CallFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private CallFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** The account's quota is used up, or the provider is overloaded: nobody should ask before the time is over. */
  public static final class Closed extends CallFailure {
    private static final long serialVersionUID = 1L;
    private final Duration wait;

    Closed(String message, Duration wait, Throwable cause) {
      super(message, cause);
      this.wait = wait;
    }

    public Duration pause() {
      return wait;
    }
  }

  /** The key is refused: a person has to change it. */
  public static final class KeyRefused extends CallFailure {
    private static final long serialVersionUID = 1L;

    KeyRefused(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The messages are longer than the model can read. */
  public static final class TooLong extends CallFailure {
    private static final long serialVersionUID = 1L;

    TooLong(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The connection broke, or the provider failed: the same call may work now. */
  public static final class Broken extends CallFailure {
    private static final long serialVersionUID = 1L;

    Broken(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** The provider does not want this call, however often it is made. */
  public static final class Rejected extends CallFailure {
    private static final long serialVersionUID = 1L;

    Rejected(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
