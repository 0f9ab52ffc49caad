package io.heartbeat4j.storage.postgresql;

import io.heartbeat4j.storage.StorageException;
import io.heartbeat4j.storage.StorageSession;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One process' use of the database. No method waits for the database: threads of the session do. */
final class PostgresqlSession implements StorageSession {

  private static final Logger LOG = LoggerFactory.getLogger(PostgresqlSession.class);
  private static final Duration RETRY = Duration.ofSeconds(30);
  private static final int WRITERS = 2;

  private final DatabaseAddress address;
  private final SchemaStatements sql;
  private final LongSupplier nanoTime;
  private final ConnectionFactory connections;
  private final LeaseKeeper lease;
  private final SignalReceiver signals;
  private final DirectStatements direct;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<BatchWriter> writers;
  private final AtomicReference<@Nullable Future<Void>> closing = new AtomicReference<>();

  PostgresqlSession(DatabaseAddress address, String owner, LongSupplier nanoTime) {
    this.address = address;
    this.sql = new SchemaStatements(address);
    this.nanoTime = nanoTime;
    this.connections = new ConnectionFactory(address, owner);
    this.lease = new LeaseKeeper(connections, sql, owner, address.lease(), nanoTime);
    this.signals = new SignalReceiver(connections, sql.channel);
    this.direct = new DirectStatements(connections, address, sql, threads, this::retryLimit);
    this.writers = IntStream.range(0, WRITERS)
        .mapToObj(number -> new BatchWriter(connections, address, threads, number)).toList();
  }

  /** Registers and listens; blocks. */
  void start() throws SQLException, InterruptedException {
    try {
      writers.forEach(BatchWriter::start);
      lease.start();
      signals.start();
    } catch (SQLException | RuntimeException e) {
      try {
        closeAll();
      } catch (SQLException | RuntimeException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  @Override
  public Future<List<String>> list(String folder) {
    return isClosed() ? closed("list " + folder) : direct.list(folder);
  }

  @Override
  public Future<List<String>> folders(String folder) {
    return isClosed() ? closed("list the folders of " + folder) : direct.folders(folder);
  }

  @Override
  public Future<Optional<byte[]>> read(String name) {
    return isClosed() ? closed("read " + name) : direct.read(name);
  }

  @Override
  public Future<Void> replace(String name, byte[] content) {
    return submit(new ReplaceOperation(sql, name, content.clone(), retryLimit())).mapEmpty();
  }

  @Override
  public Future<Void> append(String name, byte[] bytes) {
    return submit(new AppendOperation(sql, name, bytes.clone(), retryLimit())).mapEmpty();
  }

  @Override
  public Future<Optional<Claim>> claim(String name) {
    return submit(new ClaimOperation(this, name, retryLimit()));
  }

  @Override
  public Future<List<Claim>> claimAll(String folder) {
    return isClosed() ? closed("claim " + folder) : direct.claimAll(this, folder);
  }

  @Override
  public Future<Void> expire(String folder, Duration unchangedFor) {
    return isClosed() ? closed("expire " + folder) : direct.expire(folder, unchangedFor);
  }

  @Override
  public void onClaimsLost(Runnable action) {
    lease.onLost(action);
  }

  @Override
  public boolean holdsClaims() {
    return lease.term().isLive();
  }

  @Override
  public void publish(String topic, String text) {
    submit(new NotifyOperation(sql, topic, text, retryLimit()))
        .onFailure(e -> LOG.warn("a signal is lost: {}", e.getMessage()));
  }

  @Override
  public void subscribe(String topic, Consumer<String> receiver) {
    signals.subscribe(topic, receiver);
  }

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public Future<List<String>> otherProcesses() {
    return isClosed() ? closed("look for other processes") : direct.owners(lease.term().id());
  }

  @Override
  public Future<Void> close() {
    Promise<Void> promise = Promise.promise();
    if (closing.compareAndSet(null, promise.future())) {
      Thread.ofVirtual().name("heartbeat4j-close").start(() -> {
        try {
          closeAll();
          promise.complete();
        } catch (SQLException | RuntimeException e) {
          promise.fail(SqlFailure.of(e).in("release all claims", address));
        } catch (InterruptedException e) {
          promise.fail(e);
        }
      });
    }
    return Objects.requireNonNull(closing.get());
  }

  /** What is queued is still written, then the claims end. */
  private void closeAll() throws SQLException, InterruptedException {
    try {
      for (BatchWriter each : writers) {
        each.close();
      }
      lease.close();
    } finally {
      signals.close();
      threads.shutdown();
      connections.close();
    }
  }

  SchemaStatements sql() {
    return sql;
  }

  /** @throws NoTermException if this process is not registered at the moment */
  LeaseTerm liveTerm() {
    LeaseTerm term = lease.term();
    if (!term.isLive()) {
      throw new NoTermException();
    }
    return term;
  }

  void checkLease() {
    lease.check();
  }

  <T> Future<T> submit(Operation<T> operation) {
    if (!writers.get(Math.floorMod(operation.name().hashCode(), writers.size())).add(operation)) {
      return Future.failedFuture(operation.failure(closedException(operation.what())));
    }
    return operation.future();
  }

  private boolean isClosed() {
    return closing.get() != null;
  }

  private static <T> Future<T> closed(String what) {
    return Future.failedFuture(closedException(what));
  }

  private static StorageException closedException(String what) {
    return new StorageException("could not " + what + ": the storage is closed");
  }

  private RetryLimit retryLimit() {
    return new RetryLimit(nanoTime, RETRY);
  }
}
