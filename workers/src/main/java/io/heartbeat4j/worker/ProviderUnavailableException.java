package io.heartbeat4j.worker;

import java.time.Instant;
import org.apiguardian.api.API;

/**
 * The provider takes no calls until a time. Thrown out of {@link Worker#perform}, it ends the work as {@link
 * WorkResult.Later}.
 */
@API(status = API.Status.STABLE, since = "1.0")
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
