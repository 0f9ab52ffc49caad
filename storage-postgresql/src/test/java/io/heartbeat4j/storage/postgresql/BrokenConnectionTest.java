package io.heartbeat4j.storage.postgresql;

import static io.heartbeat4j.storage.StorageContract.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbeat4j.storage.ClaimLostException;
import io.heartbeat4j.storage.Storage;
import io.heartbeat4j.storage.StorageException;
import io.heartbeat4j.storage.StorageSession;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** ConnectionFactory break, also between a commit and its answer: nothing is lost, and nothing is done twice. */
class BrokenConnectionTest {

  private TestDatabase database;
  private CuttingProxy proxy;
  private final AtomicLong later = new AtomicLong();
  private StorageSession session;

  @BeforeEach
  void open() throws Exception {
    database = TestDatabase.empty();
    int port = PostgresqlServer.running().port();
    proxy = new CuttingProxy(port);
    session = await(database.open(database.url().replace(":" + port + "/", ":" + proxy.port() + "/"),
        () -> System.nanoTime() + later.get()));
  }

  @AfterEach
  void close() throws Exception {
    if (session != null) {
      if (later.get() == 0) {
        await(session.close());
      }
      proxy.close();
    }
  }

  @Test
  void an_append_under_a_claim_is_not_repeated() {
    Storage.Claim claim = claimed(session, "runs/a");
    await(claim.append(bytes("1"), true));
    cut(() -> claim.append(bytes("2"), true), 1);
    cut(() -> claim.append(bytes("2"), true), 3);
    await(claim.append(bytes("3"), true));
    assertThat(content(session, "runs/a")).isEqualTo("1223");
  }

  @Test
  void an_append_without_a_claim_is_not_repeated() {
    cut(() -> session.append("log/a", bytes("1")), 1);
    cut(() -> session.append("log/a", bytes("1")), 2);
    await(session.append("log/a", bytes("2")));
    assertThat(content(session, "log/a")).isEqualTo("112");
  }

  @Test
  void a_claim_without_an_answer_is_this_process() {
    proxy.cutAnswers(2);
    Storage.Claim claim = claimed(session, "runs/a");
    assertThat(proxy.cuts()).isEqualTo(2);
    assertThat(await(session.claim("runs/a"))).isEmpty();
    await(claim.append(bytes("1"), true));
    assertThat(content(session, "runs/a")).isEqualTo("1");
  }

  @Test
  void claiming_a_folder_without_an_answer_claims_it() {
    await(session.replace("runs/a", bytes("1")));
    await(session.replace("runs/b", bytes("2")));
    claimed(session, "runs/b");
    proxy.cutAnswers(1);
    assertThat(await(session.claimAll("runs"))).extracting(Storage.Claim::name).containsExactly("runs/a");
    assertThat(proxy.cuts()).isEqualTo(1);
  }

  @Test
  void a_claim_ends_without_an_answer() {
    Storage.Claim deleted = claimed(session, "runs/a");
    cut(deleted::delete, 1);
    assertThat(await(session.read("runs/a"))).isEmpty();
    Storage.Claim released = claimed(session, "runs/b");
    cut(released::release, 1);
    assertThat(await(session.claim("runs/b"))).isPresent();
  }

  @Test
  void appends_survive_that_all_connections_are_killed_again_and_again() throws Exception {
    List<Storage.Claim> claims = IntStream.range(0, 8).mapToObj(i -> claimed(session, "runs/" + i)).toList();
    StringBuilder expected = new StringBuilder();
    int killed = 0;
    for (int i = 0; i < 60; i++) {
      String line = i + "\n";
      List<Future<Void>> appends = new ArrayList<>();
      for (Storage.Claim claim : claims) {
        appends.add(claim.append(bytes(line), true));
        // does not wait, which the writer's order allows
        appends.add(claim.append(bytes(line), false));
        appends.add(session.append("log/" + claim.name(), bytes("x")));
      }
      if (i % 10 == 5) {
        killed += Integer.parseInt(database.query("select count(pg_terminate_backend(pid)) from pg_stat_activity"
            + " where application_name like 'heartbeat4j%' and datname = current_database()"));
      }
      await(Future.all(appends));
      expected.append(line).append(line);
    }
    assertThat(killed).isGreaterThanOrEqualTo(6);
    for (Storage.Claim claim : claims) {
      assertThat(content(session, claim.name())).isEqualTo(expected.toString());
      assertThat(content(session, "log/" + claim.name())).isEqualTo("x".repeat(60));
    }
  }

  @Test
  void appends_that_do_not_wait_are_not_repeated() {
    Storage.Claim claim = claimed(session, "runs/a");
    proxy.cutAnswers(1);
    await(Future.all(IntStream.range(0, 10).mapToObj(i -> claim.append(bytes("" + i % 5), true)).toList()));
    assertThat(content(session, "runs/a")).isEqualTo("0123401234");
  }

  @Test
  void without_a_database_claims_are_lost_at_the_deadline_and_other_operations_fail_later() throws Exception {
    Storage.Claim claim = claimed(session, "runs/a");
    CountDownLatch lost = new CountDownLatch(1);
    session.onClaimsLost(lost::countDown);
    proxy.close();
    Future<Void> claimed = claim.append(bytes("1"), true);
    Future<Void> unclaimed = session.append("log/a", bytes("1"));
    Future<Optional<byte[]>> read = session.read("log/a");
    later.addAndGet(TimeUnit.SECONDS.toNanos(16));
    assertThat(lost.await(30, TimeUnit.SECONDS)).isTrue();
    assertThatThrownBy(() -> await(claimed)).isInstanceOf(ClaimLostException.class);
    assertThat(unclaimed.isComplete()).isFalse();
    later.addAndGet(TimeUnit.SECONDS.toNanos(16));
    for (Future<?> each : List.of(unclaimed, read)) {
      assertThatThrownBy(() -> await(each)).hasCauseInstanceOf(StorageException.class)
          .hasMessageContaining(":" + proxy.port() + "/test: no connection")
          .hasMessageNotContaining(PostgresqlServer.PASSWORD);
    }
    assertThat(database.query("select count(*) from record where content <> ''")).isEqualTo("0");
  }

  private void cut(Supplier<Future<Void>> operation, int times) {
    int before = proxy.cuts();
    proxy.cutAnswers(times);
    await(operation.get());
    assertThat(proxy.cuts() - before).isEqualTo(times);
  }
}
