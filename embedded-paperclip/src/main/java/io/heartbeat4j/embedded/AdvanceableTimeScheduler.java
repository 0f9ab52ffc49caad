package io.heartbeat4j.embedded;

import io.heartbeat4j.embedded.rules.TimeScheduler;
import io.vertx.core.Future;
import java.time.Duration;

/** The time of an embedded server, which a test can move forward. */
interface AdvanceableTimeScheduler extends TimeScheduler {

  /** Advances the clock; completes when all actions that became due have run. */
  Future<Void> advance(Duration by);
}
