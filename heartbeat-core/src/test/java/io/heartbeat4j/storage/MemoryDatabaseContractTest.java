package io.heartbeat4j.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The contract over the database that the simulation uses, so that it shows what PostgreSQL would do. */
class MemoryDatabaseContractTest extends StorageContract {

  private final MemoryDatabase database = new MemoryDatabase(Clock.systemUTC(), Duration.ofHours(1));

  @Override
  protected StorageSession open() {
    return database.open(MemoryDatabase.Link.DIRECT);
  }

  @Test
  void a_session_that_was_silent_for_longer_than_its_lease_loses_its_claims_to_others_and_can_claim_anew() {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    MemoryDatabase leased = new MemoryDatabase(new Clock() {
      @Override
      public ZoneOffset getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(java.time.ZoneId zone) {
        return this;
      }

      @Override
      public Instant instant() {
        return Objects.requireNonNull(now.get());
      }
    }, Duration.ofSeconds(15));
    MemorySession one = leased.open(MemoryDatabase.Link.DIRECT);
    MemorySession two = leased.open(MemoryDatabase.Link.DIRECT);
    Storage.Claim claim = claimed(one, "runs/a");
    now.set(Instant.EPOCH.plusSeconds(11));
    two.renew();
    await(claim.append(bytes("in time"), true));
    assertThat(await(two.claim("runs/a"))).isEmpty();

    now.set(Instant.EPOCH.plusSeconds(12));
    assertLost(claim);
    assertThat(await(two.claim("runs/a"))).as("one's own deadline is earlier than the database's").isEmpty();

    now.set(Instant.EPOCH.plusSeconds(15));
    Storage.Claim taken = claimed(two, "runs/a");
    assertThat(taken.content()).isEqualTo(bytes("in time"));
    one.renew();
    assertLost(claim);
    await(taken.release());
    assertThat(claimed(one, "runs/a").content()).isEqualTo(bytes("in time"));
  }
}
