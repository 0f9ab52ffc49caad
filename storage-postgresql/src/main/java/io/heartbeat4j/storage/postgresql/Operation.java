package io.heartbeat4j.storage.postgresql;

import io.heartbeat4j.storage.ClaimLostException;
import io.heartbeat4j.storage.StorageException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * One change to one record, run within a transaction that it shares with others. It may be run several times: a
 * transaction that fails is run again, also one whose commit has not been answered.
 */
abstract class Operation<T> {

  private final String name;
  private final Promise<T> promise = Promise.promise();
  private boolean maybeCommitted;
  private @Nullable T result;
  private @Nullable Exception refusal;

  Operation(String name) {
    this.name = name;
  }

  /** Of the record. Operations of one name run in the order of their submission. */
  final String name() {
    return name;
  }

  final Future<T> future() {
    return promise.future();
  }

  /** Whether an earlier attempt has been sent to the end, so that its changes may be there. */
  final boolean maybeCommitted() {
    return maybeCommitted;
  }

  /** Before the transaction begins: each operation of it forgets what the last one has changed in memory. */
  final void begin() {
    reset();
    result = null;
    refusal = null;
  }

  /** @throws SQLException if the transaction has failed; other exceptions refuse this operation alone */
  final void attempt(Connection connection) throws SQLException {
    try {
      result = run(connection);
    } catch (ClaimLostException | StorageException e) {
      refusal = e;
    }
  }

  final void commitSent() {
    maybeCommitted = true;
  }

  /** After the commit, on the writer's thread. */
  final void committed() {
    if (result != null) {
      kept(result);
    }
  }

  /** After {@link #committed}, on any thread: runs the receivers of the future. */
  final void complete() {
    if (refusal != null) {
      promise.fail(refusal);
    } else {
      promise.complete(result);
    }
  }

  final void fail(Exception e) {
    reset();
    refusal = e;
  }

  /** What this does, for messages: {@code claim runs/1}. */
  abstract String what();

  /** Whether it is to be tried again after a failure of the database. */
  abstract boolean isWorthRetrying();

  /** What the caller gets once it is not worth retrying, or can't ever succeed. */
  abstract Exception failure(StorageException cause);

  /** Whether it may wait behind later ones of other names, since no claim depends on it. */
  abstract boolean mayWait();

  abstract T run(Connection connection) throws SQLException, StorageException;

  /** The attempt that returned this is committed. */
  void kept(T committed) {}

  /** Forgets what an attempt that is not committed has changed in memory. */
  void reset() {}
}
