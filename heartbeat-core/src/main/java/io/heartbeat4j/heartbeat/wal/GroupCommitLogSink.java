package io.heartbeat4j.heartbeat.wal;

import io.heartbeat4j.client.Scheduler;
import io.heartbeat4j.storage.GroupCommitLog;
import io.vertx.core.Future;
import java.util.function.Consumer;

/** Writes an entry to the group-commit log of all agents. Waits only where a record must be flushed. */
final class GroupCommitLogSink implements LogSink {

  private final GroupCommitLog.Segment page;
  private final LogRecordJson json;
  private final Scheduler scheduler;
  private final Consumer<Throwable> unwritten;

  /** @param unwritten called with a failure of a write that is not waited for, on any thread */
  GroupCommitLogSink(GroupCommitLog.Segment page, LogRecordJson json, Scheduler scheduler,
      Consumer<Throwable> unwritten) {
    this.page = page;
    this.json = json;
    this.scheduler = scheduler;
    this.unwritten = unwritten;
  }

  @Override
  public Future<Void> append(LogRecord record, boolean flush) {
    Future<Void> written = page.add(() -> json.write(record), flush);
    return flush ? here(written) : unawaited(written);
  }

  @Override
  public Future<Void> delete() {
    return unawaited(page.clear());
  }

  @Override
  public Future<Void> close() {
    return here(page.close());
  }

  private Future<Void> unawaited(Future<Void> written) {
    written.onFailure(unwritten::accept);
    return Future.succeededFuture();
  }

  private Future<Void> here(Future<Void> written) {
    return Future.future(promise -> written.onComplete(result -> scheduler.execute(() -> promise.handle(result))));
  }
}
