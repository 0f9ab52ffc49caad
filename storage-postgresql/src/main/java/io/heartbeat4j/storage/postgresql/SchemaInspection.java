package io.heartbeat4j.storage.postgresql;

import io.heartbeat4j.storage.StorageException;
import io.heartbeat4j.storage.StorageReport;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Looks at a server and at a schema in it. Changes nothing. */
final class SchemaInspection {

  private static final int OLDEST_SERVER = 14;
  private static final String HISTORY = "flyway_schema_history";
  private static final List<String> TABLES = List.of("record", "session");

  private final DatabaseAddress address;
  private final Connection connection;

  SchemaInspection(DatabaseAddress address, Connection connection) {
    this.address = address;
    this.connection = connection;
  }

  void requireServer() throws SQLException, StorageException {
    int major = connection.getMetaData().getDatabaseMajorVersion();
    if (major < OLDEST_SERVER) {
      throw new StorageException(
          "the server at " + address.shown() + " is PostgreSQL " + major + ", but " + OLDEST_SERVER
              + " or newer is needed");
    }
    if (exists("select 1 where pg_is_in_recovery()")) {
      throw new StorageException("the server at " + address.shown() + " is a read-only standby: name the primary");
    }
  }

  /**
   * The version of the schema; 0 if it has no tables yet.
   *
   * @throws StorageException if a newer heartbeat4j has written it, or another application
   */
  int version() throws SQLException, StorageException {
    int version = hasTable(HISTORY)
        ? Integer.parseInt(column("select coalesce(max(version::int), 0) from " + address.quotedSchema() + "." + HISTORY
            + " where success and version is not null").getFirst())
        : 0;
    if (version > SchemaMigration.VERSION) {
      throw new StorageException(
          "the schema " + address.schema() + " at " + address.shown() + " has version " + version
              + ", but this heartbeat4j knows only up to version " + SchemaMigration.VERSION
              + "; use the newer heartbeat4j");
    }
    if (!hasTable(HISTORY) && (hasTable("record") || hasTable("session"))) {
      throw notOurs("it has a table record or session that heartbeat4j has not created");
    }
    return version;
  }

  boolean hasSchema() throws SQLException {
    return exists("select 1 from pg_namespace where nspname = '" + address.schema() + "'");
  }

  /** @throws StorageException if the user may not create the tables, or a schema that is missing */
  void requireMayCreateTables() throws SQLException, StorageException {
    if (!hasSchema()) {
      if (!exists("select 1 where has_database_privilege(current_database(), 'create')")) {
        throw new StorageException("user " + address.user() + " may not create the schema " + address.schema() + " at "
            + address.shown() + "; run: create schema " + address.schema() + " authorization \"" + address.user()
            + "\"");
      }
    } else if (!exists("select 1 where has_schema_privilege('" + address.schema() + "', 'usage')"
        + " and has_schema_privilege('" + address.schema() + "', 'create')")) {
      throw new StorageException("user " + address.user() + " has no rights on the schema " + address.schema() + " at "
          + address.shown() + "; run: grant usage, create on schema " + address.schema() + " to \"" + address.user()
          + "\"");
    }
  }

  /** @throws StorageException if the tables have another shape, or the user lacks a right on them */
  void requireTables() throws SQLException, StorageException {
    try {
      column("select name, octet_length(content), session, changed_at from " + address.quotedSchema()
          + ".record where session = 0 and changed_at > now()");
      column("select id, owner, lease_until from " + address.quotedSchema()
          + ".session where id = 0 and lease_until > now()");
    } catch (SQLException e) {
      // no such table, no such column, a column of another type
      if (String.valueOf(e.getSQLState()).startsWith("42") && !"42501".equals(e.getSQLState())) {
        throw notOurs("its tables have another shape: " + e.getMessage());
      }
      throw SqlFailure.of(e).in("read the tables in schema " + address.schema(), address);
    }
    for (String table : TABLES) {
      List<String> missing = column("select lower(p) from unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE']) p"
          + " where not has_table_privilege('" + address.quotedSchema() + "." + table + "', p)");
      if (!missing.isEmpty()) {
        throw new StorageException("user " + address.user() + " may not " + String.join(", ", missing) + " in table "
            + table + " of schema " + address.schema() + " at " + address.shown()
            + "; run: grant select, insert, update, delete on all tables in schema " + address.schema() + " to \""
            + address.user() + "\"");
      }
    }
  }

  /** What is there; the counts are of the folders that the records are directly in. */
  StorageReport report(int version) throws SQLException {
    String server = "PostgreSQL " + column("show server_version").getFirst();
    Map<String, Long> records = new LinkedHashMap<>();
    List<String> processes = List.of();
    if (version > 0) {
      String schema = address.quotedSchema();
      for (String each : column("select split_part(name, '/', -2) || ' ' || count(*) from " + schema + ".record"
          + " group by split_part(name, '/', -2) order by 1")) {
        int space = each.lastIndexOf(' ');
        records.put(each.substring(0, space), Long.parseLong(each.substring(space + 1)));
      }
      processes = column("select owner from " + schema + ".session where lease_until > now() order by 1");
    }
    return new StorageReport(address.shown(), server, address.schema(), version, SchemaMigration.VERSION, records,
        processes);
  }

  StorageException notOurs(String why) {
    return new StorageException("the schema " + address.schema() + " at " + address.shown()
        + " is not heartbeat4j's: " + why + "; name another one with ?schema=");
  }

  private boolean hasTable(String table) throws SQLException {
    return exists("select 1 from pg_tables where schemaname = '" + address.schema() + "' and tablename = '" + table
        + "'");
  }

  private boolean exists(String query) throws SQLException {
    return !column(query).isEmpty();
  }

  private List<String> column(String query) throws SQLException {
    List<String> values = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(query);
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        values.add(String.valueOf(row.getString(1)));
      }
    }
    return values;
  }
}
