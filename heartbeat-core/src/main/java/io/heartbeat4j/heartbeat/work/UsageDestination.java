package io.heartbeat4j.heartbeat.work;

import io.heartbeat4j.worker.ProviderUsage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Where the usage of a heartbeat is reported, exactly once. */
public sealed interface UsageDestination {

  /** To the server, as cost events. */
  record CostEvents() implements UsageDestination {}

  /**
   * To the caller of the heartbeat, which reports it to the server itself; a cost event as well would count twice. Where
   * the caller is gone when an issue is settled, to the server.
   *
   * @param to called on the heartbeat's event loop for each usage of a settled issue
   * @param isThere asked on the heartbeat's event loop, whether the caller still waits for the end
   */
  record Callback(Consumer<ProviderUsage> to, BooleanSupplier isThere) implements UsageDestination {}
}
