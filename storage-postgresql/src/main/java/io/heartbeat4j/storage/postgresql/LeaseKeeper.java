package io.heartbeat4j.storage.postgresql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this process registered. Renews the lease every third of it on a connection of its own, so that no queue delays
 * it. The process' deadline counts from before a renewal was sent and is a fifth shorter than the lease, so that it is
 * over before the database's. A second thread watches it, since the first one may wait for the database.
 */
final class LeaseKeeper {

  private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);

  private final ConnectionFactory connections;
  private final SchemaStatements sql;
  private final String owner;
  private final Duration lease;
  private final LongSupplier nanoTime;
  private final List<Runnable> lostActions = new CopyOnWriteArrayList<>();
  private final Semaphore renewNow = new Semaphore(0);
  private final Thread renewer = Thread.ofVirtual().name("heartbeat4j-lease").unstarted(this::renewRegularly);
  private final Thread watch = Thread.ofVirtual().name("heartbeat4j-lease-watch").unstarted(this::watch);
  private volatile LeaseTerm term;
  private volatile boolean closed;
  private @Nullable Connection connection;

  LeaseKeeper(ConnectionFactory connections, SchemaStatements sql, String owner, Duration lease,
      LongSupplier nanoTime) {
    this.connections = connections;
    this.sql = sql;
    // a database that lost its last commits may give an id twice: the owner tells whose it is
    this.owner = owner + " " + UUID.randomUUID().toString().substring(0, 8);
    this.lease = lease;
    this.nanoTime = nanoTime;
    this.term = new LeaseTerm(0, nanoTime.getAsLong(), nanoTime);
  }

  /** Registers; blocks. */
  void start() throws SQLException {
    register();
    renewer.start();
    watch.start();
  }

  LeaseTerm term() {
    return term;
  }

  void onLost(Runnable action) {
    lostActions.add(action);
  }

  /** Renews the lease now, or finds that it is lost. */
  void check() {
    renewNow.release();
  }

  /**
   * Ends all claims and registers no more. The session's row stays, expired, until another process registers an hour
   * later: a statement that is still on its way may claim under it.
   */
  void close() throws SQLException, InterruptedException {
    closed = true;
    renewer.interrupt();
    watch.interrupt();
    renewer.join();
    watch.join();
    // an interrupted statement has closed it
    disconnect();
    try {
      Connection own = connected();
      own.setAutoCommit(false);
      update(own, sql.releaseAll, term.id());
      expire(own, term.id());
      own.commit();
    } finally {
      term.lose();
      disconnect();
    }
  }

  private void renewRegularly() {
    Backoff backoff = new Backoff();
    boolean failing = false;
    while (!closed) {
      try {
        renewNow.tryAcquire(lease.toNanos() / 3, TimeUnit.NANOSECONDS);
        renewNow.drainPermits();
        renew();
        backoff = new Backoff();
        failing = false;
      } catch (SQLException | RuntimeException e) {
        disconnect();
        if (!failing && !closed) {
          LOG.warn("could not renew the lease, trying again: {}", e.getMessage());
        }
        failing = true;
        try {
          Thread.sleep(backoff.next());
        } catch (InterruptedException stop) {
          return;
        }
        renewNow.release();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void renew() throws SQLException {
    LeaseTerm current = term;
    if (current.isLive()) {
      long deadline = deadline();
      if (renewed(current) && current.extend(deadline)) {
        return;
      }
    }
    lose(current);
    register();
  }

  private boolean renewed(LeaseTerm current) throws SQLException {
    try (PreparedStatement statement = connected().prepareStatement(sql.renew)) {
      statement.setLong(1, lease.toMillis());
      statement.setLong(2, current.id());
      statement.setString(3, owner);
      return statement.executeUpdate() == 1;
    }
  }

  /** Also ends the session before, whose claims this process has given up. */
  private void register() throws SQLException {
    long deadline = deadline();
    Connection own = connected();
    own.setAutoCommit(false);
    expire(own, term.id());
    try (PreparedStatement forget = own.prepareStatement(sql.forgetExpired);
        PreparedStatement register = own.prepareStatement(sql.register)) {
      forget.executeUpdate();
      register.setString(1, owner);
      register.setLong(2, lease.toMillis());
      try (ResultSet row = register.executeQuery()) {
        row.next();
        long id = row.getLong(1);
        own.commit();
        own.setAutoCommit(true);
        term = new LeaseTerm(id, deadline, nanoTime);
      }
    }
  }

  private void expire(Connection own, long id) throws SQLException {
    try (PreparedStatement statement = own.prepareStatement(sql.expireOwn)) {
      statement.setLong(1, id);
      statement.setString(2, owner);
      statement.executeUpdate();
    }
  }

  private static void update(Connection own, String sql, long id) throws SQLException {
    try (PreparedStatement statement = own.prepareStatement(sql)) {
      statement.setLong(1, id);
      statement.executeUpdate();
    }
  }

  private long deadline() {
    return nanoTime.getAsLong() + lease.toNanos() / 5 * 4;
  }

  private void watch() {
    try {
      while (!closed) {
        LeaseTerm current = term;
        if (!current.isLive() && lose(current)) {
          renewNow.release();
        }
        long poll = lease.toNanos() / 10;
        long remaining = current.remainingNanos();
        Thread.sleep(Duration.ofNanos(remaining > 0 ? Math.min(poll, remaining) : poll));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Both threads come here: the one that registers anew waits until the actions have run. */
  private synchronized boolean lose(LeaseTerm lost) {
    if (!lost.lose()) {
      return false;
    }
    LOG.warn("lost the lease, and with it all claims: the database did not renew it in time");
    lostActions.forEach(Runnable::run);
    return true;
  }

  private Connection connected() throws SQLException {
    Connection current = connection;
    if (current == null || current.isClosed()) {
      current = connections.single(lease.dividedBy(3));
      connection = current;
    }
    return current;
  }

  private void disconnect() {
    Connection current = connection;
    connection = null;
    if (current != null) {
      try {
        current.close();
      } catch (SQLException e) {
        LOG.debug("the connection was broken", e);
      }
    }
  }
}
