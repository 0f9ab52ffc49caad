package io.heartbeat4j.host.run;

import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.heartbeat4j.heartbeat.event.HeartbeatListener;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.concurrent.Semaphore;

/**
 * Brings the events of heartbeats, from whatever thread, to their runs on the host's event loop. A worker's thread waits
 * while too many lines are not written yet, so that they don't fill the memory.
 */
final class RunEventRouter implements HeartbeatListener {

  private static final int MAX_UNHANDLED = 1_000; // lines of workers that the event loop has not written yet

  private final Context loop;
  private final RunRegistry runs;
  private final RunListener listener;
  private final Semaphore unhandled = new Semaphore(MAX_UNHANDLED);

  RunEventRouter(Context loop, RunRegistry runs, RunListener listener) {
    this.loop = loop;
    this.runs = runs;
    this.listener = listener;
  }

  @Override
  public void on(HeartbeatEvent event) {
    boolean limited = event.kind() == HeartbeatEvent.Kind.PROGRESS && !Context.isOnEventLoopThread();
    if (limited) {
      unhandled.acquireUninterruptibly();
    }
    loop.runOnContext(now -> handle(event).onComplete(done -> {
      if (limited) {
        unhandled.release();
      }
    }));
  }

  private Future<Void> handle(HeartbeatEvent event) {
    return runs.live(event.run()).map(run -> {
      Future<Void> readable = run.onEvent(event);
      listener.stepped(run, event);
      return readable;
    }).orElseGet(Future::succeededFuture);
  }
}
