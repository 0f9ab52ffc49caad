package io.heartbeat4j.storage.postgresql;

import io.heartbeat4j.storage.StorageSession;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;

/** The database of all tests, empty again for each of them. */
public final class TestDatabase {

  public static TestDatabase empty() throws SQLException {
    TestDatabase database = new TestDatabase();
    database.execute("drop schema if exists heartbeat4j, mine, \"user\" cascade");
    database.execute("alter database " + PostgresqlServer.DATABASE + " owner to " + PostgresqlServer.USER);
    return database;
  }

  public String url() {
    return PostgresqlServer.running().url(PostgresqlServer.DATABASE);
  }

  Future<StorageSession> open() {
    return open(url());
  }

  Future<StorageSession> open(String url) {
    return open(url, System::nanoTime);
  }

  Future<StorageSession> open(String url, LongSupplier nanoTime) {
    return new PostgresqlStorageProvider(Duration.ofMillis(500), nanoTime).open(url, Map.of(), "test",
        secret -> {});
  }

  public void execute(String sql) throws SQLException {
    try (Connection connection = superuser(); Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Of the first row; empty if there is none. */
  public String query(String sql) throws SQLException {
    try (Connection connection = superuser();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? String.valueOf(row.getString(1)) : "";
    }
  }

  Connection superuser() throws SQLException {
    return PostgresqlServer.running().superuser(PostgresqlServer.DATABASE);
  }
}
