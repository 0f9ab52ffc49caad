package io.heartbeat4j.storage.postgresql;

import io.heartbeat4j.storage.StorageException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * Brings the schema to this version. Its history says which version it has, so that a start of an up-to-date schema is
 * one query. Rights on the schema suffice, if it exists.
 */
final class SchemaMigration {

  /** Of the newest migration. */
  static final int VERSION = 1;

  static final String MIGRATIONS = "io/heartbeat4j/storage/postgresql/migration";
  private static final int OLDEST_SERVER = 14;

  private final DatabaseAddress address;
  private final DataSource source;

  SchemaMigration(DatabaseAddress address, DataSource source) {
    this.address = address;
    this.source = source;
  }

  /** @throws StorageException if this version can't use the database */
  void run() throws SQLException, StorageException {
    try (Connection connection = source.getConnection()) {
      requireServer(connection);
      int version = version(connection);
      if (version > VERSION) {
        throw new StorageException(
            "the schema " + address.schema() + " at " + address.shown() + " has version " + version
                + ", but this heartbeat4j knows only up to version " + VERSION + "; use the newer heartbeat4j");
      }
      if (version < VERSION) {
        migrate(connection, version);
      }
      requireTables(connection);
    }
  }

  private void requireServer(Connection connection) throws SQLException, StorageException {
    int major = connection.getMetaData().getDatabaseMajorVersion();
    if (major < OLDEST_SERVER) {
      throw new StorageException(
          "the server at " + address.shown() + " is PostgreSQL " + major + ", but " + OLDEST_SERVER
              + " or newer is needed");
    }
    if (exists(connection, "select 1 where pg_is_in_recovery()")) {
      throw new StorageException("the server at " + address.shown() + " is a read-only standby: name the primary");
    }
  }

  /** 0 if it has no tables yet. */
  private int version(Connection connection) throws SQLException {
    if (!hasTable(connection, "flyway_schema_history")) {
      return 0;
    }
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select coalesce(max(version::int), 0) from " + address.quotedSchema()
            + ".flyway_schema_history where success and version is not null")) {
      row.next();
      return row.getInt(1);
    }
  }

  private void migrate(Connection connection, int version) throws SQLException, StorageException {
    if (version == 0 && !hasTable(connection, "flyway_schema_history")
        && (hasTable(connection, "record") || hasTable(connection, "session"))) {
      throw notOurs("it has a table record or session that heartbeat4j has not created");
    }
    if (!exists(connection, "select 1 from pg_namespace where nspname = '" + address.schema() + "'")) {
      createSchema(connection);
    }
    // Flyway would try for ten seconds
    if (!exists(connection, "select 1 where has_schema_privilege('" + address.schema() + "', 'usage')"
        + " and has_schema_privilege('" + address.schema() + "', 'create')")) {
      throw new StorageException("user " + address.user() + " has no rights on the schema " + address.schema() + " at "
          + address.shown() + "; run: grant usage, create on schema " + address.schema() + " to \"" + address.user()
          + "\"");
    }
    try {
      Flyway.configure(SchemaMigration.class.getClassLoader()).dataSource(source).schemas(address.schema())
          .createSchemas(false).locations("classpath:" + MIGRATIONS).load().migrate();
    } catch (FlywayException e) {
      SqlFailure failure = SqlFailure.of(e);
      if (failure.state().isEmpty()) {
        // its advice to baseline would mix two applications' tables
        String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        throw notOurs(why.contains("non-empty schema") ? "it has other tables" : why);
      }
      throw failure.in("create the tables in schema " + address.schema(), address);
    }
  }

  private void createSchema(Connection connection) throws SQLException, StorageException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("create schema if not exists " + address.quotedSchema());
    } catch (SQLException e) {
      if ("42501".equals(e.getSQLState())) {
        throw new StorageException("user " + address.user() + " may not create the schema " + address.schema() + " at "
            + address.shown() + "; run: create schema " + address.schema() + " authorization \"" + address.user()
            + "\"",
            e);
      }
      // another process creates it at the same time
      if (!"23505".equals(e.getSQLState())) {
        throw e;
      }
    }
  }

  private void requireTables(Connection connection) throws SQLException, StorageException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("select name, octet_length(content), session, changed_at from " + address.quotedSchema()
          + ".record where session = 0 and changed_at > now()");
      statement.execute("select id, owner, lease_until from " + address.quotedSchema()
          + ".session where id = 0 and lease_until > now()");
    } catch (SQLException e) {
      // no such table, no such column, a column of another type
      if (String.valueOf(e.getSQLState()).startsWith("42") && !"42501".equals(e.getSQLState())) {
        throw notOurs("its tables have another shape: " + e.getMessage());
      }
      throw SqlFailure.of(e).in("read the tables in schema " + address.schema(), address);
    }
  }

  private StorageException notOurs(String why) {
    return new StorageException("the schema " + address.schema() + " at " + address.shown()
        + " is not heartbeat4j's: " + why + "; name another one with ?schema=");
  }

  private boolean hasTable(Connection connection, String table) throws SQLException {
    return exists(connection, "select 1 from pg_tables where schemaname = '" + address.schema() + "' and tablename = '"
        + table + "'");
  }

  private static boolean exists(Connection connection, String query) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(query);
        ResultSet row = statement.executeQuery()) {
      return row.next();
    }
  }
}
