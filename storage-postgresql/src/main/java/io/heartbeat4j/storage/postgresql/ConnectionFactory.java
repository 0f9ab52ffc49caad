package io.heartbeat4j.storage.postgresql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * ConnectionFactory to the database, pooled ones and single ones. The server ends a statement that takes longer than {@link
 * #STATEMENT} and a transaction that is left open: a suspended process would keep others from its locked rows.
 */
final class ConnectionFactory implements AutoCloseable {

  static final Duration STATEMENT = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofSeconds(2);

  /** Others hold a record only for one transaction. */
  private static final Duration LOCK = Duration.ofSeconds(1);

  private final DatabaseAddress address;
  private final String owner;
  private final HikariDataSource pool;

  /** Connects only when the first connection is asked for. */
  ConnectionFactory(DatabaseAddress address, String owner) {
    this.address = address;
    this.owner = owner;
    HikariConfig config = new HikariConfig();
    config.setPoolName("heartbeat4j");
    config.setDataSource(source(address, owner, STATEMENT.plus(SHORT)));
    config.setMaximumPoolSize(address.pool());
    config.setMinimumIdle(2);
    config.setInitializationFailTimeout(-1);
    // who asks tries again, and looks at its own deadline before
    config.setConnectionTimeout(SHORT.toMillis());
    config.setConnectionInitSql(limits(STATEMENT));
    this.pool = new HikariDataSource(config);
  }

  /** In autocommit mode, or with a transaction that {@link Connection#close} rolls back. */
  Connection pooled() throws SQLException {
    return pool.getConnection();
  }

  /** Removes it from the pool: the server behind it is of no more use, though it still answers. */
  void evict(Connection connection) {
    pool.evictConnection(connection);
  }

  /**
   * Opens a connection outside of the pool.
   *
   * @param silence after which it counts as broken
   */
  Connection single(Duration silence) throws SQLException {
    Connection connection = source(address, owner, silence).getConnection();
    try (Statement statement = connection.createStatement()) {
      statement.execute(limits(silence));
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** @param silence after which a connection counts as broken */
  static PGSimpleDataSource source(DatabaseAddress address, String owner, Duration silence) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[]{address.host()});
    source.setPortNumbers(new int[]{address.port()});
    source.setDatabaseName(address.database());
    source.setUser(address.user());
    source.setPassword(address.password());
    source.setApplicationName("heartbeat4j " + owner);
    source.setTcpKeepAlive(true);
    // whole seconds, and 0 means for ever
    int seconds = (int) Math.max(1, silence.plusMillis(999).toSeconds());
    source.setSocketTimeout(seconds);
    source.setConnectTimeout(seconds);
    address.tls().forEach((name, value) -> {
      switch (name) {
        case "sslmode" -> source.setSslmode(value);
        case "sslrootcert" -> source.setSslRootCert(value);
        case "sslcert" -> source.setSslCert(value);
        default -> source.setSslKey(value);
      }
    });
    return source;
  }

  private String limits(Duration statement) {
    return "set statement_timeout = " + statement.toMillis() + "; set lock_timeout = "
        + Math.min(LOCK.toMillis(), statement.toMillis()) + "; set idle_in_transaction_session_timeout = "
        + Math.max(1_000, address.lease().toMillis() / 3) + "; set client_min_messages = warning";
  }

  @Override
  public void close() {
    pool.close();
  }
}
