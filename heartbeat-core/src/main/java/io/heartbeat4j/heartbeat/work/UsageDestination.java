package io.heartbeat4j.heartbeat.work;

import io.heartbeat4j.worker.ProviderUsage;
import java.util.function.Consumer;

/** Where the usage of a heartbeat is reported, exactly once. */
public sealed interface UsageDestination {

  /** To the server, as cost events. */
  record CostEvents() implements UsageDestination {}

  /**
   * To the caller of the heartbeat, which reports it to the server itself; a cost event as well would count twice.
   *
   * @param to called on the heartbeat's event loop for each usage of a settled issue
   */
  record Callback(Consumer<ProviderUsage> to) implements UsageDestination {}
}
