package io.heartbeat4j.storage.postgresql;

import io.heartbeat4j.storage.StorageSession;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;

/** A test's own database. */
record TestDatabase(String name) {

  private static final Vertx VERTX = Vertx.vertx();

  static TestDatabase create() throws SQLException {
    TestDatabase database = new TestDatabase(PostgresqlServer.running().newDatabase());
    database.execute("alter role postgres in database " + database.name() + " set search_path = heartbeat4j, public");
    return database;
  }

  String url() {
    return PostgresqlServer.running().url(name);
  }

  Future<StorageSession> open() {
    return open(url());
  }

  Future<StorageSession> open(String url) {
    return open(url, System::nanoTime);
  }

  Future<StorageSession> open(String url, LongSupplier nanoTime) {
    return new PostgresqlStorageProvider(Duration.ofMillis(500), nanoTime).open(VERTX, url, Map.of(), "test",
        secret -> {});
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = superuser(); Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Of the first row; empty if there is none. */
  String query(String sql) throws SQLException {
    try (Connection connection = superuser();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? String.valueOf(row.getString(1)) : "";
    }
  }

  Connection superuser() throws SQLException {
    return PostgresqlServer.running().superuser(name);
  }
}
