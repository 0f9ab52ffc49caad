package io.heartbeat4j.heartbeat.wal;

import io.vertx.core.Future;

/** Where the records of a log entry are written. Never blocks; a future fails with an {@link java.io.IOException}. */
interface LogSink {

  /** Keeps nothing, where the disk can't be written: the entry is in memory only. */
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

  /**
   * Appends a record.
   *
   * @param flush whether the record must survive a loss of power when the future completes
   */
  Future<Void> append(LogRecord record, boolean flush);

  /** Deletes the entry. */
  Future<Void> delete();

  /** Releases the claim: another process can claim the entry from now on. */
  Future<Void> close();
}
