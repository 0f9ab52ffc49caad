package io.heartbeat4j.storage;

import io.vertx.core.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/** A claim of a record in a {@link SegmentLog}. Thread-safe. */
final class SegmentClaim extends RecordClaim {

  private static final byte[] NOTHING = {};

  private final SegmentLog log;
  private final AtomicBoolean ended = new AtomicBoolean();

  SegmentClaim(SegmentLog log, String name, byte[] content) {
    super(name, content);
    this.log = log;
  }

  @Override
  public Future<Void> append(byte[] bytes, boolean flush) {
    return ended.get() ? lost() : log.add(new SegmentWrite(name(), SegmentWrite.Kind.APPEND, bytes, flush));
  }

  @Override
  public Future<Void> delete() {
    return end(new SegmentWrite(name(), SegmentWrite.Kind.DELETE, NOTHING, false));
  }

  @Override
  public Future<Void> moveTo(String other, byte[] bytes) {
    if (ended.get()) {
      return lost();
    }
    Future<Void> moved = log.replace(other, bytes); // both are in one batch, or in two in this order
    return delete().compose(deleted -> moved);
  }

  @Override
  public Future<Void> release() {
    return end(new SegmentWrite(name(), SegmentWrite.Kind.RELEASE, NOTHING, true));
  }

  private Future<Void> end(SegmentWrite last) {
    return ended.compareAndSet(false, true) ? log.add(last) : lost();
  }

  private Future<Void> lost() {
    return Future.failedFuture(new ClaimLostException("the claim on " + name() + " has ended before"));
  }
}
