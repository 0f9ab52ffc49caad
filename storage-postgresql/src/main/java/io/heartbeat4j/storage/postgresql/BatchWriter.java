package io.heartbeat4j.storage.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Runs queued operations, up to {@link #MOST} in one transaction, since what a small transaction costs is its commit.
 * Operations of one name come to one writer, so that they stay in order. Within a transaction they run in the order of
 * their names: all processes lock records in that order, so that none waits for another in a circle. A transaction that
 * fails because of one operation is run again in parts of one operation each.
 */
final class BatchWriter {

  static final int MOST = 100;

  private final ConnectionFactory connections;
  private final DatabaseAddress address;
  private final Executor receivers;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Operation<?>> queue = new ArrayDeque<>();
  private final Thread thread;
  private boolean closed;

  /** @param receivers runs what waits for the operations' futures */
  BatchWriter(ConnectionFactory connections, DatabaseAddress address, Executor receivers, int number) {
    this.connections = connections;
    this.address = address;
    this.receivers = receivers;
    this.thread = Thread.ofVirtual().name("heartbeat4j-writer-" + number).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Queues it; false if the writer is closed. */
  boolean add(Operation<?> operation) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      queue.add(operation);
      changed.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Returns when all that was added is done. */
  void close() throws InterruptedException {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
    thread.join();
  }

  private void run() {
    try {
      for (List<Operation<?>> batch = next(); !batch.isEmpty(); batch = next()) {
        write(batch);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for one; empty when closed and done. */
  private List<Operation<?>> next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (queue.isEmpty() && !closed) {
        changed.await();
      }
      List<Operation<?>> batch = new ArrayList<>(Math.min(queue.size(), MOST));
      while (batch.size() < MOST && !queue.isEmpty()) {
        batch.add(queue.remove());
      }
      batch.sort(Comparator.comparing(Operation::name));
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private void write(List<Operation<?>> batch) throws InterruptedException {
    Backoff backoff = new Backoff();
    List<Operation<?>> left = batch;
    while (!left.isEmpty()) {
      try {
        transaction(left);
        settle(left);
        return;
      } catch (SQLException | RuntimeException e) {
        SqlFailure failure = SqlFailure.of(e);
        if (left.size() > 1 && !failure.isConnection() && !(e instanceof NoTermException)) {
          for (Operation<?> each : left) {
            write(List.of(each));
          }
          return;
        }
        left = retried(left, failure);
        if (!left.isEmpty()) {
          Thread.sleep(backoff.next());
        }
      }
    }
  }

  private void transaction(List<Operation<?>> operations) throws SQLException {
    operations.forEach(Operation::begin);
    try (Connection connection = connections.pooled()) {
      try {
        connection.setAutoCommit(false);
        for (Operation<?> each : operations) {
          each.attempt(connection);
        }
        operations.forEach(Operation::commitSent);
        connection.commit();
      } catch (SQLException e) {
        if (SqlFailure.of(e).isConnection()) {
          connections.evict(connection);
        }
        throw e;
      }
    }
  }

  private void settle(List<Operation<?>> operations) {
    operations.forEach(Operation::committed);
    operations.forEach(each -> receivers.execute(each::complete));
  }

  /** Fails those that are not worth it, and puts one that waits for a lock behind the others. */
  private List<Operation<?>> retried(List<Operation<?>> operations, SqlFailure failure) {
    List<Operation<?>> retried = new ArrayList<>();
    for (Operation<?> each : operations) {
      if (!failure.isTransient() || !each.isWorthRetrying()) {
        each.fail(each.failure(failure.in(each.what(), address)));
        receivers.execute(each::complete);
      } else if (!failure.isOfStatement() || !each.mayWait() || !add(each)) {
        retried.add(each);
      }
    }
    return retried;
  }
}
