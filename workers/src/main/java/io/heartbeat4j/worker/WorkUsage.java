package io.heartbeat4j.worker;

import org.apiguardian.api.API;

/** What the work may use and has used, in tokens and money. Thread-safe; the runtime implements it. */
@API(status = API.Status.STABLE, since = "1.0")
public interface WorkUsage {

  /** What is left of the agent's monthly budget and the host's limit, after all that was {@linkplain #report reported}. */
  Budget budget();

  /** Adds what one call of a provider used; counts as a sign of life. The server gets the sum when the work ends. */
  void report(ProviderUsage used);

  /**
   * The gate before an account of a provider, shared by all agents of the host.
   *
   * @param account names provider and account, such as {@code anthropic/default}
   */
  ProviderGate providerGate(String account);
}
