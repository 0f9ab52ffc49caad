package io.heartbeat4j.storage.postgresql;

import static io.heartbeat4j.storage.StorageContract.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbeat4j.storage.ClaimLostException;
import io.heartbeat4j.storage.Storage;
import io.heartbeat4j.storage.StorageSession;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens to the claims of a process that does not renew its lease. */
class LeaseTest {

  /** Longer than any test: nothing is renewed unless it has to be. */
  private static final String LONG = "?lease=10m";

  private final List<StorageSession> sessions = new ArrayList<>();
  private TestDatabase database;

  @BeforeEach
  void empty_database() throws Exception {
    database = TestDatabase.empty();
  }

  @AfterEach
  void close() {
    sessions.forEach(each -> await(each.close()));
  }

  @Test
  void a_lease_is_renewed() throws Exception {
    StorageSession session = open("?lease=2s", System::nanoTime);
    Storage.Claim claim = claimed(session, "runs/a");
    String first = leaseUntil();
    eventually(
        () -> database.query("select lease_until > timestamptz '" + first + "' + interval '2500 ms' from session")
            .equals("t"));
    await(claim.append(bytes("x"), true));
    assertThat(await(open(LONG, System::nanoTime).claim("runs/a"))).isEmpty();
  }

  @Test
  void a_session_whose_renewal_is_blocked_loses_its_claims_and_claims_anew() throws Exception {
    StorageSession session = open("?lease=2s", System::nanoTime);
    StorageSession other = open(LONG, System::nanoTime);
    Storage.Claim claim = claimed(session, "runs/a");
    await(claim.append(bytes("1"), true));
    CountDownLatch lost = new CountDownLatch(1);
    session.onClaimsLost(lost::countDown);
    try (Connection blocking = database.superuser(); Statement statement = blocking.createStatement()) {
      blocking.setAutoCommit(false);
      statement.execute("select from heartbeat4j.session where id = 1 for update");
      assertThat(lost.await(30, TimeUnit.SECONDS)).isTrue();
      assertLost(claim);
      eventually(() -> await(other.claim("runs/a")).isPresent());
    }
    assertThat(claimed(session, "runs/b").content()).isEmpty();
    assertLost(claim);
    assertThat(await(session.claim("runs/a"))).isEmpty();
    assertThat(content(session, "runs/a")).isEqualTo("1");
  }

  @Test
  void a_process_that_slept_finds_out_before_it_asks_the_database() throws Exception {
    AtomicLong slept = new AtomicLong();
    StorageSession session = open(LONG, () -> System.nanoTime() + slept.get());
    Storage.Claim claim = claimed(session, "runs/a");
    CountDownLatch lost = new CountDownLatch(1);
    session.onClaimsLost(lost::countDown);
    assertThat(session.holdsClaims()).isTrue();
    slept.set(TimeUnit.MINUTES.toNanos(9));
    assertThat(session.holdsClaims()).isFalse();
    assertThat(database.query("select lease_until > now() from session")).as("by the database").isEqualTo("t");
    assertLost(claim);
    assertThat(content(session, "runs/a")).isEmpty();
  }

  @Test
  void a_session_that_lost_its_claims_registers_anew_and_gives_the_old_ones_up() throws Exception {
    AtomicLong slept = new AtomicLong();
    StorageSession session = open("?lease=5s", () -> System.nanoTime() + slept.get());
    Storage.Claim claim = claimed(session, "runs/a");
    CountDownLatch lost = new CountDownLatch(1);
    session.onClaimsLost(lost::countDown);
    slept.set(TimeUnit.MINUTES.toNanos(9));
    assertThat(lost.await(30, TimeUnit.SECONDS)).isTrue();
    eventually(() -> "2".equals(database.query("select count(*) from session")));
    Storage.Claim again = claimed(session, "runs/a");
    assertLost(claim);
    await(again.append(bytes("2"), true));
    assertThat(content(session, "runs/a")).isEqualTo("2");
  }

  @Test
  void the_database_refuses_an_append_after_a_takeover() throws Exception {
    StorageSession stale = open(LONG, () -> 0);
    Storage.Claim claim = claimed(stale, "runs/a");
    await(claim.append(bytes("1"), true));
    CountDownLatch lost = new CountDownLatch(1);
    stale.onClaimsLost(lost::countDown);
    database.execute("update heartbeat4j.session set lease_until = now() - interval '1 s'");
    Storage.Claim own = claimed(open(LONG, System::nanoTime), "runs/a");
    assertThat(own.content()).isEqualTo(bytes("1"));

    assertThatThrownBy(() -> await(claim.append(bytes("stale"), true))).isInstanceOf(ClaimLostException.class);
    assertThatThrownBy(() -> await(claim.delete())).isInstanceOf(ClaimLostException.class);
    assertThat(lost.await(30, TimeUnit.SECONDS)).as("the session has looked at its lease").isTrue();
    await(own.append(bytes("2"), true));
    assertThat(content(stale, "runs/a")).isEqualTo("12");
  }

  @Test
  void the_database_refuses_an_append_under_an_expired_lease_without_a_takeover() throws Exception {
    StorageSession stale = open(LONG, () -> 0);
    Storage.Claim claim = claimed(stale, "runs/a");
    database.execute("update heartbeat4j.session set lease_until = now() - interval '1 s'");
    assertThatThrownBy(() -> await(claim.append(bytes("stale"), true))).isInstanceOf(ClaimLostException.class);
    assertThat(content(stale, "runs/a")).isEmpty();
  }

  @Test
  void the_database_refuses_an_append_to_a_record_with_another_session() throws Exception {
    StorageSession session = open(LONG, () -> 0);
    Storage.Claim claim = claimed(session, "runs/a");
    database.execute("update heartbeat4j.record set session = session + 1");
    assertThatThrownBy(() -> await(claim.append(bytes("stale"), true))).isInstanceOf(ClaimLostException.class);
    assertThat(content(session, "runs/a")).isEmpty();
  }

  @Test
  void claims_of_a_dead_process_are_free_after_its_lease() throws Exception {
    StorageSession dead = open(LONG, () -> 0);
    await(claimed(dead, "runs/a").append(bytes("1"), true));
    claimed(dead, "runs/b");
    StorageSession session = open(LONG, System::nanoTime);
    assertThat(await(session.claimAll("runs"))).isEmpty();
    database.execute("update heartbeat4j.session set lease_until = now() - interval '1 s' where id = 1");
    assertThat(await(session.claimAll("runs"))).extracting(Storage.Claim::name).containsExactly("runs/a", "runs/b");
  }

  @Test
  void a_claimed_record_does_not_expire() throws Exception {
    StorageSession session = open(LONG, System::nanoTime);
    await(session.replace("runs/b", bytes("x")));
    claimed(session, "runs/a");
    database.execute("update heartbeat4j.record set changed_at = now() - interval '1 day'");
    await(session.expire("runs", Duration.ofHours(1)));
    assertThat(await(session.list("runs"))).containsExactly("runs/a");
  }

  @Test
  void the_rows_of_old_sessions_go_when_no_record_refers_to_them() throws Exception {
    open(LONG, System::nanoTime);
    claimed(open(LONG, System::nanoTime), "runs/a");
    database.execute("update heartbeat4j.session set lease_until = now() - interval '1 day'");
    open(LONG, System::nanoTime);
    assertThat(database.query("select string_agg(id::text, ' ' order by id) from session")).isEqualTo("2 3");
  }

  private StorageSession open(String parameters, LongSupplier nanoTime) {
    StorageSession session = await(database.open(database.url() + parameters, nanoTime));
    sessions.add(session);
    return session;
  }

  private String leaseUntil() throws Exception {
    return database.query("select lease_until from session");
  }
}
