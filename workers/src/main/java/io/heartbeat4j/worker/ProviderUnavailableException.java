package io.heartbeat4j.worker;

import java.time.Instant;

/**
 * The provider takes no calls until a time. Thrown out of {@link Worker#perform}, it ends the work as {@link
 * WorkResult.Later}.
 */
public final class ProviderUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Instant until;

  public ProviderUnavailableException(Instant until, String why) {
    super(TextValidator.requireNonBlank("why the gate is closed", why));
    this.until = until;
  }

  public Instant until() {
    return until;
  }
}
