package io.heartbeat4j.storage;

import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract over a file a record. */
class FileStorageContractTest extends StorageContract {

  @TempDir
  Path root;
  private final ExecutorService disk = Executors.newFixedThreadPool(4);

  @AfterEach
  void stop_threads() {
    disk.shutdown();
  }

  @Override
  protected StorageSession open() {
    return new SharedFiles(new FileStorage(root, disk, Clock.systemUTC()));
  }
}
