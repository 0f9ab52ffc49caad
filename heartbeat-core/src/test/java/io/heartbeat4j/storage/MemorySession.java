package io.heartbeat4j.storage;

import io.heartbeat4j.storage.MemoryDatabase.Link;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One process' use of a {@link MemoryDatabase}. Its owner {@linkplain #renew renews} the lease. Thread-safe. */
public final class MemorySession implements StorageSession {

  /** One registration, until its lease is over. */
  private final class Term {
    final long id = database.register();
    final Set<String> held = new HashSet<>();
    Instant deadline = clock.instant().plus(lease.dividedBy(5).multipliedBy(4));
    boolean lost;

    boolean isLive() {
      return !lost && clock.instant().isBefore(deadline);
    }
  }

  private final MemoryDatabase database;
  private final Link link;
  private final Clock clock;
  private final Duration lease;
  private final List<Runnable> lostActions = new CopyOnWriteArrayList<>();
  private final List<BiConsumer<String, String>> receivers = new CopyOnWriteArrayList<>();
  private Term term;

  MemorySession(MemoryDatabase database, Link link, Clock clock, Duration lease) {
    this.database = database;
    this.link = link;
    this.clock = clock;
    this.lease = lease;
    this.term = new Term();
  }

  /** Renews the lease; after a loss tells it and registers anew. */
  public void renew() {
    synchronized (database) {
      if (term.isLive() && database.renew(term.id)) {
        term.deadline = clock.instant().plus(lease.dividedBy(5).multipliedBy(4));
        return;
      }
      term.lost = true;
      term = new Term();
    }
    lostActions.forEach(Runnable::run);
  }

  /** Whether the session still has the claims that it had when this was called. */
  public Supplier<Boolean> termOfNow() {
    Term now = term;
    return now::isLive;
  }

  private <T> Future<T> call(Supplier<T> access) {
    return link.call(() -> {
      synchronized (database) {
        return access.get();
      }
    });
  }

  private Future<Void> change(Runnable access) {
    return call(() -> {
      access.run();
      return this;
    }).mapEmpty();
  }

  @Override
  public Future<List<String>> list(String folder) {
    return call(() -> database.list(folder));
  }

  @Override
  public Future<List<String>> folders(String folder) {
    return call(() -> database.folders(folder));
  }

  @Override
  public Future<Optional<byte[]>> read(String name) {
    return call(() -> Optional.ofNullable(database.read(name)));
  }

  @Override
  public Future<Void> replace(String name, byte[] content) {
    return change(() -> database.replace(name, content));
  }

  @Override
  public Future<Void> append(String name, byte[] bytes) {
    return change(() -> database.append(name, bytes));
  }

  @Override
  public Future<Optional<Claim>> claim(String name) {
    return call(() -> tryClaim(name));
  }

  @Override
  public Future<List<Claim>> claimAll(String folder) {
    return call(() -> {
      List<Claim> claims = new ArrayList<>();
      database.listFree(folder).forEach(name -> tryClaim(name).ifPresent(claims::add));
      return claims;
    });
  }

  private Optional<Claim> tryClaim(String name) {
    return term.isLive() && database.claim(name, term.id) && term.held.add(name)
        ? Optional.of(new MemoryClaim(term, name, Objects.requireNonNull(database.read(name))))
        : Optional.empty();
  }

  @Override
  public Future<Void> expire(String folder, Duration unchangedFor) {
    return change(() -> database.expire(folder, unchangedFor));
  }

  @Override
  public void onClaimsLost(Runnable action) {
    lostActions.add(action);
  }

  @Override
  public boolean holdsClaims() {
    return term.isLive();
  }

  @Override
  public void publish(String topic, String text) {
    database.sessions().forEach(session -> session.receivers.forEach(receiver -> receiver.accept(topic, text)));
  }

  @Override
  public void subscribe(String topic, Consumer<String> receiver) {
    receivers.add((of, text) -> {
      if (of.equals(topic)) {
        receiver.accept(text);
      }
    });
  }

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public Future<List<String>> otherProcesses() {
    return Future.succeededFuture(List.of());
  }

  @Override
  public Future<Void> close() {
    term.lost = true;
    database.end(term.id);
    return Future.succeededFuture();
  }

  private final class MemoryClaim extends RecordClaim {

    private final Term term;
    private boolean ended;

    MemoryClaim(Term term, String name, byte[] content) {
      super(name, content);
      this.term = term;
    }

    @Override
    public Future<Void> append(byte[] bytes, boolean flush) {
      return underClaim(() -> database.append(name(), bytes));
    }

    @Override
    public Future<Void> delete() {
      return underClaim(() -> {
        database.delete(name());
        end();
      });
    }

    @Override
    public Future<Void> moveTo(String other, byte[] bytes) {
      return underClaim(() -> {
        database.replace(other, bytes);
        database.delete(name());
        end();
      });
    }

    @Override
    public Future<Void> release() {
      return underClaim(() -> {
        database.release(name());
        end();
      });
    }

    private void end() {
      ended = true;
      term.held.remove(name());
    }

    /** An answer that comes after the lease counts as none. */
    private Future<Void> underClaim(Runnable access) {
      return change(() -> {
        if (ended || !term.isLive()) {
          throw new ClaimLostException("the claim of " + name() + " has ended");
        }
        database.requireClaimed(name(), term.id);
        access.run();
      }).compose(done -> ended || term.isLive()
          ? Future.succeededFuture()
          : Future.failedFuture(new ClaimLostException("the claim of " + name() + " has ended")));
    }
  }
}
