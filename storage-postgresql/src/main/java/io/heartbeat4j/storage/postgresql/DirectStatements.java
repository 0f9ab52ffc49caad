package io.heartbeat4j.storage.postgresql;

import io.heartbeat4j.storage.Storage;
import io.heartbeat4j.storage.StorageException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * Statements that need no commit of others, each on a thread and a connection of its own: what reads, and what changes
 * a whole folder. They lock records only where nobody else does, so that they may do it in any order.
 */
final class DirectStatements {

  private final ConnectionFactory connections;
  private final DatabaseAddress address;
  private final SchemaStatements sql;
  private final Executor threads;
  private final Supplier<RetryLimit> retryLimit;

  DirectStatements(
      ConnectionFactory connections, DatabaseAddress address, SchemaStatements sql, Executor threads,
      Supplier<RetryLimit> retryLimit) {
    this.connections = connections;
    this.address = address;
    this.sql = sql;
    this.threads = threads;
    this.retryLimit = retryLimit;
  }

  Future<List<String>> list(String folder) {
    return run("list " + folder, (connection, again) -> {
      try (PreparedStatement statement = connection.prepareStatement(sql.list)) {
        RecordFolder.of(folder).setParameters(statement);
        return names(statement);
      }
    });
  }

  Future<List<String>> folders(String folder) {
    return run("list the folders of " + folder, (connection, again) -> {
      try (PreparedStatement statement = connection.prepareStatement(sql.folders)) {
        RecordFolder range = RecordFolder.of(folder);
        statement.setInt(1, range.firstOfName());
        statement.setInt(2, range.firstOfName());
        range.setParameters(statement, 3);
        return names(statement);
      }
    });
  }

  Future<Optional<byte[]>> read(String name) {
    return run("read " + name, (connection, again) -> {
      try (PreparedStatement statement = connection.prepareStatement(sql.read)) {
        statement.setString(1, name);
        try (ResultSet row = statement.executeQuery()) {
          return row.next() ? Optional.of(row.getBytes(1)) : Optional.empty();
        }
      }
    });
  }

  /** Those of the live sessions but this one. */
  Future<List<String>> owners(long ownSession) {
    return run("look for other processes", (connection, again) -> {
      try (PreparedStatement statement = connection.prepareStatement(sql.owners)) {
        statement.setLong(1, ownSession);
        return names(statement);
      }
    });
  }

  Future<Void> expire(String folder, Duration unchangedFor) {
    return this.<Done>run("expire " + folder, (connection, again) -> {
      try (PreparedStatement statement = connection.prepareStatement(sql.expire)) {
        RecordFolder.of(folder).setParameters(statement);
        statement.setLong(4, unchangedFor.toMillis());
        statement.executeUpdate();
        return Done.DONE;
      }
    }).mapEmpty();
  }

  Future<List<Storage.Claim>> claimAll(PostgresqlSession session, String folder) {
    return run("claim " + folder, (connection, again) -> {
      LeaseTerm term = session.liveTerm();
      List<String> reserved = new ArrayList<>();
      boolean committed = false;
      try {
        connection.setAutoCommit(false);
        for (String each : lockFree(connection, term, folder, again)) {
          if (term.hold(each)) {
            reserved.add(each);
          }
        }
        List<Storage.Claim> claims = reserved.isEmpty()
            ? List.of() // an idle host asks every other second
            : claimLocked(connection, session, term, reserved);
        connection.commit();
        committed = true;
        return claims;
      } finally {
        if (!committed) {
          reserved.forEach(term::free);
        }
      }
    });
  }

  /** @param again whether to take records of this session that are not reserved: their claim was not answered */
  private List<String> lockFree(Connection connection, LeaseTerm term, String folder, boolean again)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql.lockFree)) {
      RecordFolder.of(folder).setParameters(statement);
      if (again) {
        statement.setLong(4, term.id());
      } else {
        statement.setNull(4, Types.BIGINT);
      }
      statement.setLong(5, term.id());
      return names(statement);
    }
  }

  private List<Storage.Claim> claimLocked(
      Connection connection, PostgresqlSession session, LeaseTerm term, List<String> names) throws SQLException {
    List<Storage.Claim> claims = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql.claimLocked)) {
      statement.setLong(1, term.id());
      statement.setArray(2, connection.createArrayOf("text", names.toArray()));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          claims.add(new PostgresqlClaim(session, term, row.getString(1), row.getBytes(2)));
        }
      }
    }
    claims.sort(Comparator.comparing(Storage.Claim::name));
    return claims;
  }

  private static List<String> names(PreparedStatement statement) throws SQLException {
    List<String> names = new ArrayList<>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        names.add(row.getString(1));
      }
    }
    return names;
  }

  private <T> Future<T> run(String what, Statement<T> statement) {
    Promise<T> promise = Promise.promise();
    RetryLimit limit = retryLimit.get();
    Runnable task = () -> {
      Backoff backoff = new Backoff();
      boolean again = false;
      while (true) {
        T result;
        try {
          result = once(statement, again);
        } catch (SQLException | RuntimeException e) {
          SqlFailure failure = SqlFailure.of(e);
          if (failure.isTransient() && !limit.isOver() && slept(backoff.next())) {
            again = true;
            continue;
          }
          promise.fail(failure.in(what, address));
          return;
        }
        promise.complete(result);
        return;
      }
    };
    try {
      threads.execute(task);
    } catch (RejectedExecutionException e) {
      promise.fail(new StorageException("could not " + what + ": the storage is closed"));
    }
    return promise.future();
  }

  private <T> T once(Statement<T> statement, boolean again) throws SQLException {
    try (Connection connection = connections.pooled()) {
      try {
        return statement.run(connection, again);
      } catch (SQLException e) {
        if (SqlFailure.of(e).isConnection()) {
          connections.evict(connection);
        }
        throw e;
      }
    }
  }

  private static boolean slept(Duration pause) {
    try {
      Thread.sleep(pause);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private interface Statement<T> {

    /** @param again whether an earlier attempt failed, perhaps after its commit */
    T run(Connection connection, boolean again) throws SQLException;
  }
}
