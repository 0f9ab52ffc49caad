package io.heartbeat4j.storage.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.storage.StorageContract;
import io.heartbeat4j.storage.StorageSession;
import org.junit.jupiter.api.BeforeEach;

class PostgresqlStorageTest extends StorageContract {

  private TestDatabase database = new TestDatabase("");

  @BeforeEach
  void create_database() throws Exception {
    database = TestDatabase.create();
  }

  @Override
  protected StorageSession open() {
    return await(database.open());
  }
}
