package io.heartbeat4j.storage.postgresql;

import io.heartbeat4j.storage.StorageException;
import io.heartbeat4j.storage.StorageProvider;
import io.heartbeat4j.storage.StorageReport;
import io.heartbeat4j.storage.StorageSession;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a PostgreSQL database. Waits some time for a server that does not answer yet, since servers and hosts often
 * start together; what a person has to change fails at once.
 */
public final class PostgresqlStorageProvider implements StorageProvider {

  private static final Logger LOG = LoggerFactory.getLogger(PostgresqlStorageProvider.class);
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private final Duration startOfServer;
  private final LongSupplier nanoTime;

  /** For {@link java.util.ServiceLoader}. */
  public PostgresqlStorageProvider() {
    this(Duration.ofSeconds(30), System::nanoTime);
  }

  PostgresqlStorageProvider(Duration startOfServer, LongSupplier nanoTime) {
    this.startOfServer = startOfServer;
    this.nanoTime = nanoTime;
  }

  @Override
  public String scheme() {
    return "postgresql";
  }

  @Override
  public Future<StorageSession> open(
      String url, Map<String, String> environment, String owner, Consumer<String> secrets) {
    return onThread("heartbeat4j-open", () -> opened(new DatabaseUrlParser(environment, secrets).parse(url), owner));
  }

  @Override
  public Future<StorageReport> check(String url, Map<String, String> environment, Consumer<String> secrets) {
    return onThread("heartbeat4j-check", () -> {
      DatabaseAddress address = new DatabaseUrlParser(environment, secrets).parse(url);
      try (Connection connection = ConnectionFactory.source(address, "check", CONNECT).getConnection()) {
        SchemaInspection inspection = new SchemaInspection(address, connection);
        inspection.requireServer();
        int version = inspection.version();
        if (version > 0) {
          inspection.requireTables();
        } else {
          inspection.requireMayCreateTables();
        }
        return inspection.report(version);
      } catch (SQLException e) {
        throw SqlFailure.of(e).in("check the storage", address);
      }
    });
  }

  private static <T> Future<T> onThread(String name, Callable<T> action) {
    Promise<T> promise = Promise.promise();
    Thread.ofVirtual().name(name).start(() -> {
      T result;
      try {
        result = action.call();
      } catch (Exception e) {
        promise.fail(e);
        return;
      }
      promise.complete(result);
    });
    return promise.future();
  }

  private StorageSession opened(DatabaseAddress address, String owner) throws StorageException, InterruptedException {
    RetryLimit retryLimit = new RetryLimit(System::nanoTime, startOfServer);
    Backoff backoff = new Backoff();
    boolean said = false;
    while (true) {
      try {
        new SchemaMigration(address, ConnectionFactory.source(address, owner, CONNECT)).run();
        PostgresqlSession session = new PostgresqlSession(address, owner, nanoTime);
        session.start();
        return session;
      } catch (SQLException e) {
        SqlFailure failure = SqlFailure.of(e);
        StorageException words = failure.in("open the storage", address);
        if (!failure.mayPass() || retryLimit.isOver()) {
          throw words;
        }
        if (!said) {
          LOG.warn("{}; trying for {} s", words.getMessage(), startOfServer.toSeconds());
          said = true;
        }
        Thread.sleep(backoff.next());
      }
    }
  }
}
