package io.heartbeat4j.heartbeat.wal;

import io.vertx.core.Future;

/** What the lines of an entry are written on. Never blocks; the future fails with an {@link java.io.IOException}. */
interface LogSink {

  /** Where nothing can be written: the entry lives in memory. */
  LogSink NONE = new LogSink() {

    @Override
    public Future<Void> append(LogRecord record, boolean flush) {
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> delete() {
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> close() {
      return Future.succeededFuture();
    }
  };

  /** @param flush whether the line has to survive a loss of power when the future completes */
  Future<Void> append(LogRecord record, boolean flush);

  /** Nothing of the entry is needed any more. */
  Future<Void> delete();

  /** Lets go of the entry: whoever looks for it from now on finds it, as far as it was written. */
  Future<Void> close();
}
