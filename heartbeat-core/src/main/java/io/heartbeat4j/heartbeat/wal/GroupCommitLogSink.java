package io.heartbeat4j.heartbeat.wal;

import io.heartbeat4j.client.Scheduler;
import io.heartbeat4j.storage.GroupCommitLog;
import io.vertx.core.Future;
import java.util.function.Consumer;

/** An entry among those of other agents. Only for what has to be on disk is there a wait. */
final class GroupCommitLogSink implements LogSink {

  private final GroupCommitLog.Segment page;
  private final LogRecordJson json;
  private final Scheduler scheduler;
  private final Consumer<Throwable> unwritten;

  /** @param unwritten told of a failure that nobody waits for, on some thread */
  GroupCommitLogSink(GroupCommitLog.Segment page, LogRecordJson json, Scheduler scheduler, Consumer<Throwable> unwritten) {
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
