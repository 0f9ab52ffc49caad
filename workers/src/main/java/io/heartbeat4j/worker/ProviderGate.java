package io.heartbeat4j.worker;

import java.time.Instant;
import org.apiguardian.api.API;

/**
 * The host's gate before one account of a provider, shared by all agents of the process: plugins share no statics.
 * Thread-safe.
 */
@API(status = API.Status.STABLE, since = "1.0")
public interface ProviderGate {

  /**
   * Passes where the gate is open.
   *
   * @throws ProviderUnavailableException where it is closed; a worker lets it go, and the runtime makes it {@link
   *     WorkResult.Later}
   */
  void checkOpen();

  /**
   * Closes the gate for all, until a time that the provider named. A gate that is closed for longer stays so.
   *
   * @param why in words for the issues that wait, such as "quota of anthropic used up"
   */
  void closeUntil(Instant until, String why);
}
