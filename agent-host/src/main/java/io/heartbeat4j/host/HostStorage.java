package io.heartbeat4j.host;

import io.heartbeat4j.heartbeat.memory.AgentMemory;
import io.heartbeat4j.heartbeat.wal.WriteAheadLog;
import io.heartbeat4j.host.run.RunCoordinator;
import io.heartbeat4j.storage.HostFileStorage;
import io.heartbeat4j.storage.StorageProvider;
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
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the storage that a host's configuration names. */
final class HostStorage {

  private static final Logger LOG = LoggerFactory.getLogger(HostStorage.class);
  private static final List<String> FREQUENT = List.of(RunCoordinator.RUNS_FOLDER, WriteAheadLog.FOLDER);

  private HostStorage() {}

  /** Files under the state directory, for one host. */
  static Future<StorageSession> openFiles(Vertx vertx, Path directory, Clock clock) {
    return vertx.executeBlocking(() -> {
      try {
        setAsideOldFormat(directory);
        return HostFileStorage.open(directory, FREQUENT,
            access -> vertx.executeBlocking(Executors.callable(access), false), clock);
      } catch (IOException unusable) {
        throw new UncheckedIOException("the state in " + directory + " can't be kept (" + unusable.getMessage()
            + "): stop the host that uses it, or set " + AgentMemory.SETTING_NAMES
            + " to a directory that this user can write", unusable);
      }
    }, false);
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

  /** A storage that several hosts share, such as a database. */
  static Future<StorageSession> openShared(Vertx vertx, Secret url, HostDependencies dependencies) {
    return StorageProvider.forUrl(url.reveal())
        .orElseThrow() // the configuration was checked
        .open(vertx, url.reveal(), dependencies.environment(), hostName(dependencies),
            dependencies.redactor()::register);
  }

  private static String hostName(HostDependencies dependencies) {
    return dependencies.environment().getOrDefault("HOSTNAME", "host") + "/" + ProcessHandle.current().pid();
  }
}
