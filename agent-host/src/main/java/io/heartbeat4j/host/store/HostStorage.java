package io.heartbeat4j.host.store;

import io.heartbeat4j.heartbeat.memory.AgentMemory;
import io.heartbeat4j.heartbeat.wal.WriteAheadLog;
import io.heartbeat4j.host.run.RunCoordinator;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.storage.HostFileStorage;
import io.heartbeat4j.storage.StorageException;
import io.heartbeat4j.storage.StorageProvider;
import io.heartbeat4j.storage.StorageReport;
import io.heartbeat4j.storage.StorageSession;
import io.heartbeat4j.worker.Secret;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the storage that a host's configuration names. A storage that was moved in part is not opened. */
public final class HostStorage {

  private static final Logger LOG = LoggerFactory.getLogger(HostStorage.class);
  private static final List<String> FREQUENT = List.of(RunCoordinator.RUNS_FOLDER, WriteAheadLog.FOLDER);

  private HostStorage() {}

  /** Files under the state directory, for one host. */
  public static Future<StorageSession> openFiles(Vertx vertx, Path directory, Clock clock) {
    return vertx.executeBlocking(() -> {
      setAsideOldFormat(directory);
      return openFiles(directory, access -> vertx.executeBlocking(Executors.callable(access), false), clock);
    }, false).compose(HostStorage::requireWhole);
  }

  static StorageSession openFiles(Path directory, Executor blocking, Clock clock) {
    try {
      return HostFileStorage.open(directory, FREQUENT, blocking, clock);
    } catch (IOException unusable) {
      throw new UncheckedIOException("the state in " + directory + " can't be kept (" + unusable.getMessage()
          + "): stop the host that uses it, or set " + AgentMemory.SETTING_NAMES
          + " to a directory that this user can write", unusable);
    }
  }

  /** Formats before the first release are not read. */
  private static void setAsideOldFormat(Path directory) throws IOException {
    Path runs = directory.resolve("runs.mv");
    if (Files.exists(runs)) {
      Path kept = directory.resolve("runs.mv.set-aside");
      Files.move(runs, kept, StandardCopyOption.REPLACE_EXISTING);
      LOG.warn("{} is of a format before the first release: it was moved to {}, and its runs are not resumed", runs,
          kept);
    }
  }

  /**
   * A storage that several hosts share, such as a database.
   *
   * @param url of a known storage
   */
  public static Future<StorageSession> openShared(Secret url, Map<String, String> environment, Redactor redactor) {
    return connect(url, environment, redactor).compose(HostStorage::requireWhole);
  }

  static Future<StorageSession> connect(Secret url, Map<String, String> environment, Redactor redactor) {
    return provider(url).open(url.reveal(), environment,
        environment.getOrDefault("HOSTNAME", "host") + "/" + ProcessHandle.current().pid(), redactor::register);
  }

  /** Looks at a shared storage and changes nothing. */
  public static Future<StorageReport> check(Secret url, Map<String, String> environment, Redactor redactor) {
    return provider(url).check(url.reveal(), environment, redactor::register);
  }

  /** Brings the schema of a shared storage up to date. */
  public static Future<Void> migrate(Secret url, Map<String, String> environment, Redactor redactor) {
    return connect(url, environment, redactor).compose(StorageSession::close);
  }

  private static StorageProvider provider(Secret url) {
    return StorageProvider.forUrl(url.reveal()).orElseThrow(); // the configuration was checked
  }

  /** Half of the unsettled issues would be worked again. */
  private static Future<StorageSession> requireWhole(StorageSession session) {
    return session.read(StoreMove.MARK)
        .compose(mark -> mark.isEmpty()
            ? Future.succeededFuture(session)
            : Future.failedFuture(new StorageException("the store was moved in part: run 'heartbeat store import'"
                + " again, or 'heartbeat store export' to undo it")))
        .recover(failed -> session.close().transform(closed -> Future.failedFuture(failed)));
  }
}
