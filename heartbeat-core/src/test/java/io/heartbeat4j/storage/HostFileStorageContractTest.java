package io.heartbeat4j.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract over segment logs: all of its folders are such that are written often. */
class HostFileStorageContractTest extends StorageContract {

  @TempDir
  Path root;
  private final ExecutorService disk = Executors.newFixedThreadPool(4);
  private HostFileStorage storage;

  @BeforeEach
  void open_storage() throws IOException {
    storage = HostFileStorage.open(root, List.of("runs", "cache", "log", "f.1", "other"), disk, Clock.systemUTC());
  }

  @Override
  @AfterEach
  void close_sessions() {
    super.close_sessions();
    await(storage.close());
    disk.shutdown();
  }

  @Override
  protected StorageSession open() {
    return new SharedFiles(storage);
  }
}
