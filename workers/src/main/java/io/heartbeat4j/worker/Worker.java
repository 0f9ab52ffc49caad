package io.heartbeat4j.worker;

import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * Does the work of one issue (step 7).
 *
 * <p>Called on a virtual thread of its own; it may block. One worker may be called for several issues at once, so it
 * must be thread-safe. When the heartbeat is cancelled or its time is up, {@link CurrentRun#cancellation()} says so
 * first; after a grace period the thread is interrupted.
 */
@API(status = API.Status.STABLE, since = "1.0")
@FunctionalInterface
public interface Worker extends AutoCloseable {

  /**
   * Works on the issue until there is a result.
   *
   * @throws SettingsException the worker's settings turn out wrong in use: the issue becomes blocked, and the comment
   *     asks for the operator
   * @throws ProviderUnavailableException the provider takes no calls until a time: the issue is taken up again then
   * @throws Exception any other failure: the issue becomes blocked with one card that asks whether to try again, and a
   *     comment with the exception's message (never its stack trace)
   */
  WorkResult perform(WorkContext context) throws Exception;

  /**
   * The account of a provider that all work of this worker uses, by the name of its {@linkplain
   * WorkUsage#providerGate gate}: a host can then bound how much runs on that account at once. Empty where there is
   * no such account.
   */
  default Optional<String> providerAccount() {
    return Optional.empty();
  }

  /**
   * Checks for the operator what settings alone do not show, such as whether a program is there and logged in. It does
   * no work and costs nothing; it may block.
   *
   * @throws Exception the check itself can't be made
   */
  @API(status = API.Status.EXPERIMENTAL, since = "1.1")
  default List<CheckResult> check() throws Exception {
    return List.of();
  }

  /**
   * Says for the operator what the worker's rules make of a command line that the work may want to run: each part, by
   * which rule it is allowed, or which one would allow it. Empty where the worker has no such rules.
   */
  @API(status = API.Status.EXPERIMENTAL, since = "1.1")
  default List<CheckResult> explain(String command) throws Exception {
    return List.of();
  }

  /** Frees what the worker holds. Called once, after the last {@link #perform} has returned. */
  @Override
  default void close() throws Exception {}
}
