package io.heartbeat4j.storage.postgresql;

import static io.heartbeat4j.storage.StorageContract.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.storage.StorageSession;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SignalTest {

  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
  private TestDatabase database;
  private StorageSession one;
  private StorageSession two;

  @BeforeEach
  void open() throws Exception {
    database = TestDatabase.empty();
    one = await(database.open());
    two = await(database.open());
  }

  @AfterEach
  void close() {
    if (two != null) {
      await(one.close());
      await(two.close());
    }
  }

  @Test
  void a_signal_reaches_every_process() throws Exception {
    one.subscribe("wake", text -> received.add("one: " + text));
    two.subscribe("wake", text -> received.add("two: " + text));
    one.publish("wake", "agent 1 Ä'");
    assertThat(new String[]{next(), next()}).containsExactlyInAnyOrder("one: agent 1 Ä'", "two: agent 1 Ä'");
  }

  @Test
  void a_signal_reaches_only_those_of_its_topic() throws Exception {
    two.subscribe("other", text -> received.add("other: " + text));
    two.subscribe("wake", text -> received.add("wake: " + text));
    one.publish("other-topic", "1");
    one.publish("wake", "");
    one.publish("wake", "x".repeat(7_000));
    assertThat(next()).isEqualTo("wake: ");
    assertThat(next()).isEqualTo("wake: " + "x".repeat(7_000));
  }

  @Test
  void a_failing_receiver_does_not_keep_others_from_the_signal() throws Exception {
    two.subscribe("wake", text -> {
      throw new IllegalStateException("expected by the test");
    });
    two.subscribe("wake", received::add);
    one.publish("wake", "1");
    assertThat(next()).isEqualTo("1");
  }

  @Test
  void signals_arrive_again_after_the_connection_broke() throws Exception {
    two.subscribe("wake", received::add);
    assertThat(database.query("select count(pg_terminate_backend(pid)) from pg_stat_activity"
        + " where query ilike 'listen %' or query = 'select 1' and datname = current_database()")).isNotEqualTo("0");
    eventually(() -> {
      one.publish("wake", "again");
      return received.poll(100, TimeUnit.MILLISECONDS) != null;
    });
  }

  private String next() throws InterruptedException {
    return String.valueOf(received.poll(30, TimeUnit.SECONDS));
  }
}
