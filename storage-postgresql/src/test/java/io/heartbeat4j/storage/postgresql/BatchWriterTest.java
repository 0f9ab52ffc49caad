package io.heartbeat4j.storage.postgresql;

import static io.heartbeat4j.storage.StorageContract.await;
import static io.heartbeat4j.storage.StorageContract.bytes;
import static io.heartbeat4j.storage.StorageContract.content;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbeat4j.storage.StorageException;
import io.heartbeat4j.storage.StorageSession;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Operations share transactions, but not their failures. */
class BatchWriterTest {

  private TestDatabase database;
  private StorageSession session;

  @BeforeEach
  void open() throws Exception {
    database = TestDatabase.empty();
    session = await(database.open());
  }

  @AfterEach
  void close() {
    if (session != null) {
      await(session.close());
    }
  }

  @Test
  void an_operation_that_cannot_succeed_fails_alone() {
    List<Future<Void>> good = new ArrayList<>();
    List<Future<Void>> bad = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      good.add(session.append("log/" + i % 2, bytes("x")));
      bad.add(session.append("log/\0" + i, bytes("x")));
    }
    await(Future.all(good));
    for (Future<Void> each : bad) {
      assertThatThrownBy(() -> await(each)).hasCauseInstanceOf(StorageException.class)
          .hasMessageContaining("could not append to log/").hasMessageNotContaining(PostgresqlServer.PASSWORD);
    }
    assertThat(content(session, "log/0") + content(session, "log/1")).isEqualTo("x".repeat(20));
  }

  @Test
  void a_locked_record_keeps_only_its_own_operations_waiting() throws Exception {
    await(session.append("log/locked", bytes("1")));
    Future<Void> locked;
    try (Connection locking = database.superuser(); Statement statement = locking.createStatement()) {
      locking.setAutoCommit(false);
      statement.execute("select from record where name = 'log/locked' for update");
      locked = session.append("log/locked", bytes("2"));
      for (int i = 0; i < 4; i++) {
        await(session.append("log/" + i, bytes("x")));
      }
      assertThat(locked.isComplete()).isFalse();
    }
    await(locked);
    assertThat(content(session, "log/locked")).isEqualTo("12");
  }

  @Test
  void operations_share_transactions() throws Exception {
    await(session.append("log/a", bytes("x")));
    long before = Long.parseLong(database.query("select pg_current_xact_id()"));
    List<Future<Void>> appends = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      appends.add(session.append("log/" + i, bytes("x")));
    }
    await(Future.all(appends));
    assertThat(Long.parseLong(database.query("select pg_current_xact_id()")) - before).isLessThan(300);
  }
}
