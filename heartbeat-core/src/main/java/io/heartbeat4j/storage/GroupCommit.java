package io.heartbeat4j.storage;

import io.vertx.core.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Collects the writes that come while one batch is written, and writes them as the next: one flush for all that wait.
 * Batches are written one after the other, on a thread of the executor. Thread-safe.
 */
final class GroupCommit {

  private static final int BATCHES = 100;

  /** Writes a batch and completes its writes; blocks. */
  interface BatchWriter {
    void write(List<SegmentWrite> batch);

    /** Ends the writes of a batch that is not written. */
    void fail(List<SegmentWrite> batch, Exception cause);
  }

  private final String name;
  private final Executor blocking;
  private final BatchWriter writer;
  private List<SegmentWrite> waiting = new ArrayList<>();
  private boolean writing;
  private boolean closed;

  /** @param name for messages */
  GroupCommit(String name, Executor blocking, BatchWriter writer) {
    this.name = name;
    this.blocking = blocking;
    this.writer = writer;
  }

  /** Completes when the write is on disk. After a {@link SegmentWrite.Kind#CLOSE} nothing is taken any more. */
  Future<Void> add(SegmentWrite write) {
    boolean start;
    synchronized (this) {
      if (closed) {
        return Future.failedFuture(new IOException(name + " is closed"));
      }
      closed = write.kind == SegmentWrite.Kind.CLOSE;
      waiting.add(write);
      start = !writing;
      writing = true;
    }
    if (start) {
      execute();
    }
    return write.done.future();
  }

  private void execute() {
    try {
      blocking.execute(this::writeSome);
    } catch (RuntimeException ended) { // the threads of a process that is ending
      writer.fail(next(), new IOException(name + " can't be written any more: the process is ending", ended));
    }
  }

  private synchronized List<SegmentWrite> next() {
    List<SegmentWrite> next = waiting;
    waiting = new ArrayList<>();
    writing = !next.isEmpty();
    return next;
  }

  /** Some batches, then others get the thread. */
  private void writeSome() {
    for (int i = 0; i < BATCHES; i++) {
      List<SegmentWrite> batch = next();
      if (batch.isEmpty()) {
        return;
      }
      writer.write(batch);
    }
    execute();
  }
}
