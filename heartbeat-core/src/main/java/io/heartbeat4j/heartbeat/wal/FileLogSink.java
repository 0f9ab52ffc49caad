package io.heartbeat4j.heartbeat.wal;

import io.heartbeat4j.client.Scheduler;
import io.heartbeat4j.storage.Storage;
import io.vertx.core.Future;
import java.io.IOException;

/** Writes an entry to a claimed file of its own. One call at a time. */
final class FileLogSink implements LogSink {

  private static final byte[] NEW_LINE = {'\n'};

  private final Storage.LockedFile log;
  private final LogRecordJson json;
  private final Scheduler scheduler;
  private boolean torn;

  /** @param torn whether the file ends in an incomplete line */
  FileLogSink(Storage.LockedFile log, LogRecordJson json, Scheduler scheduler, boolean torn) {
    this.log = log;
    this.json = json;
    this.scheduler = scheduler;
    this.torn = torn;
  }

  @Override
  public Future<Void> append(LogRecord record, boolean flush) {
    return access(() -> {
      if (torn) {
        log.append(NEW_LINE, false);
      }
      torn = true; // until the whole line is written
      log.append(json.write(record), flush);
      torn = false;
    });
  }

  @Override
  public Future<Void> delete() {
    return access(() -> {
      try {
        log.delete();
      } finally {
        log.close();
      }
    });
  }

  @Override
  public Future<Void> close() {
    return access(log::close);
  }

  private interface Access {
    void run() throws IOException;
  }

  private Future<Void> access(Access access) {
    return scheduler.executeBlocking(() -> {
      access.run();
      return this;
    }).mapEmpty();
  }
}
