package io.heartbeat4j.heartbeat.work;

import io.vertx.core.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets the caller of a heartbeat go before the work has ended: the answer to Paperclip's http adapter ends the run, so
 * the issue is parked first, and the work goes on. Thread-safe.
 */
public final class Detachment {

  private @Nullable Supplier<Future<Void>> park;
  private @Nullable Future<Void> parking;

  /** Completes when the issue is parked, so that the caller may go; fails where no work is under way or it can't be. */
  public synchronized Future<Void> request() {
    Future<Void> known = parking;
    if (known == null) {
      Supplier<Future<Void>> act = park;
      known = act == null ? Future.failedFuture("no work is under way") : act.get();
      parking = act == null ? null : known;
    }
    return known;
  }

  /** The work begins. */
  public synchronized void begin(Supplier<Future<Void>> park) {
    this.park = park;
  }

  /** The work has ended: completes when nothing is being parked. */
  public synchronized Future<Void> end() {
    park = null;
    return parking == null ? Future.succeededFuture() : parking.otherwiseEmpty();
  }

  /** Whether the issue is parked. */
  public synchronized boolean isDetached() {
    return parking != null && parking.succeeded();
  }
}
