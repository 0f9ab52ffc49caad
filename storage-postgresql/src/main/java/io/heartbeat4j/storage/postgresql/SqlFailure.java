package io.heartbeat4j.storage.postgresql;

import io.heartbeat4j.storage.StorageException;
import java.io.EOFException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What a failed statement means: whether it may succeed later, and what an operator has to know. */
record SqlFailure(Exception cause, String state) {

  /** Of the server: shutting down, starting, read-only after a failover, out of connections, disk or memory. */
  private static final Set<String> SERVER = Set.of("57P01", "57P02", "57P03", "57P05", "25006", "25P03", "53000",
      "53100",
      "53200", "53300", "53400", "58030");

  /** Of one statement: it took too long, or waited for others. */
  private static final Set<String> STATEMENT = Set.of("57014", "55P03", "40001", "40P01");

  static SqlFailure of(Exception e) {
    for (Throwable each = e; each != null; each = each.getCause()) {
      if (each instanceof SQLException sql && sql.getSQLState() != null) {
        return new SqlFailure(e, sql.getSQLState());
      }
    }
    return new SqlFailure(e, "");
  }

  /** Whether the same may succeed later. */
  boolean isTransient() {
    return isConnection() || isOfStatement() || cause instanceof NoTermException;
  }

  /** Whether another statement would have succeeded. */
  boolean isOfStatement() {
    return STATEMENT.contains(state);
  }

  /** Whether the connection is of no more use. */
  boolean isConnection() {
    return state.startsWith("08") || SERVER.contains(state) || cause instanceof SQLTransientConnectionException;
  }

  /** Whether waiting for the server to start may help; not where a person has to change something. */
  boolean mayPass() {
    return isConnection() && !isUnknownHost() && !isTls() && !isRefusedByDriver();
  }

  boolean isUnknownHost() {
    return caused(UnknownHostException.class) != null;
  }

  /** The server answers, but not as the URL wants it: it asks for a password, or knows no TLS. */
  private boolean isRefusedByDriver() {
    return "08004".equals(state);
  }

  boolean isTls() {
    return caused(SSLException.class) != null || (isRefusedByDriver() && reason().contains("SSL"));
  }

  /** @param what could not be done, such as {@code read runs/1} */
  StorageException in(String what, DatabaseAddress address) {
    return new StorageException("could not " + what + " at " + address.shown() + ": " + words(address), cause);
  }

  private String words(DatabaseAddress address) {
    if (isUnknownHost()) {
      return "the host is unknown; correct the host in the URL";
    }
    if (isTls()) {
      return "TLS failed: " + reason() + "; change sslmode or sslrootcert in the URL, or the server's certificate";
    }
    if (isRefusedByDriver() && address.password().isEmpty()) {
      return "the server asks for the password of user " + address.user() + "; write it into the URL or set PGPASSWORD";
    }
    return switch (state) {
      case "08001", "08004", "08006" -> "no connection: " + reason() + "; start the server or correct host and port";
      case "28P01" -> "the server refuses the password of user " + address.user() + "; correct it in the URL";
      case "28000" -> "the server does not admit user " + address.user() + ": " + reason()
          + "; correct the URL, also its sslmode, or pg_hba.conf";
      case "3D000" -> "there is no such database; create it or correct the URL";
      case "42501" -> "user " + address.user() + " may not: " + reason() + "; make the user the owner of schema "
          + address.schema() + " and its tables";
      case "25006" -> "the server is read-only: name the primary in the URL";
      case "53300" -> "the server has no connection left; raise its max_connections or lower the URL's pool";
      case "53100" -> "the server's disk is full";
      case "57014", "55P03" -> "the statement took too long: " + reason()
          + "; look in pg_stat_activity for what holds the lock";
      default -> reason();
    };
  }

  /** The first line of the innermost message; the driver puts no password into it. */
  private String reason() {
    Throwable innermost = cause;
    for (Throwable each = cause; each != null; each = each.getCause()) {
      if (each.getMessage() != null && !(each instanceof EOFException)) {
        innermost = each;
      }
    }
    String message = innermost.getMessage();
    return message == null ? innermost.getClass().getSimpleName() : message.lines().findFirst().orElse("");
  }

  private <T> @Nullable T caused(Class<T> type) {
    for (Throwable each = cause; each != null; each = each.getCause()) {
      if (type.isInstance(each)) {
        return type.cast(each);
      }
    }
    return null;
  }
}
