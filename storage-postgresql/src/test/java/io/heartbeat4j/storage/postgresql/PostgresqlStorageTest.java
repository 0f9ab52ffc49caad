package io.heartbeat4j.storage.postgresql;

import io.heartbeat4j.storage.StorageContract;
import io.heartbeat4j.storage.StorageSession;
import org.junit.jupiter.api.BeforeEach;

class PostgresqlStorageTest extends StorageContract {

  private TestDatabase database;

  @BeforeEach
  void empty_database() throws Exception {
    database = TestDatabase.empty();
  }

  @Override
  protected StorageSession open() {
    return await(database.open());
  }
}
