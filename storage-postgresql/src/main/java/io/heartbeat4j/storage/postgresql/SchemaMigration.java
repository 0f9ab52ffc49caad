package io.heartbeat4j.storage.postgresql;

import io.heartbeat4j.storage.StorageException;
import java.sql.Connection;
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

  private final DatabaseAddress address;
  private final DataSource source;

  SchemaMigration(DatabaseAddress address, DataSource source) {
    this.address = address;
    this.source = source;
  }

  /** @throws StorageException if this version can't use the database */
  void run() throws SQLException, StorageException {
    try (Connection connection = source.getConnection()) {
      SchemaInspection inspection = new SchemaInspection(address, connection);
      inspection.requireServer();
      if (inspection.version() < VERSION) {
        migrate(connection, inspection);
      }
      inspection.requireTables();
    }
  }

  private void migrate(Connection connection, SchemaInspection inspection) throws SQLException, StorageException {
    inspection.requireMayCreateTables(); // Flyway would try for ten seconds
    if (!inspection.hasSchema()) {
      createSchema(connection);
    }
    try {
      Flyway.configure(SchemaMigration.class.getClassLoader()).dataSource(source).schemas(address.schema())
          .createSchemas(false).locations("classpath:" + MIGRATIONS).load().migrate();
    } catch (FlywayException e) {
      SqlFailure failure = SqlFailure.of(e);
      if (failure.state().isEmpty()) {
        // its advice to baseline would mix two applications' tables
        String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        throw inspection.notOurs(why.contains("non-empty schema") ? "it has other tables" : why);
      }
      throw failure.in("create the tables in schema " + address.schema(), address);
    }
  }

  private void createSchema(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("create schema if not exists " + address.quotedSchema());
    } catch (SQLException e) {
      // another process creates it at the same time
      if (!"23505".equals(e.getSQLState())) {
        throw e;
      }
    }
  }
}
