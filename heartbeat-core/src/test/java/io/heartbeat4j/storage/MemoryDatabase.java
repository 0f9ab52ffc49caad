package io.heartbeat4j.storage;

import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A database in memory that several sessions share, with leases by its own clock: what PostgreSQL is to hosts, for
 * virtual time.
 */
public final class MemoryDatabase {

  /** What is between a process and the database. */
  public interface Link {

    /** Without delay and failure. */
    Link DIRECT = new Link() {
      @Override
      public <T> Future<T> call(Supplier<T> access) {
        try {
          return Future.succeededFuture(access.get());
        } catch (ClaimLostException lost) {
          return Future.failedFuture(lost);
        }
      }
    };

    /** Has the database do it, and answers with the result or with what it has thrown. */
    <T> Future<T> call(Supplier<T> access);
  }

  private static final class Row {
    byte[] content = {};
    long session;
    Instant changedAt = Instant.EPOCH;
  }

  private final TreeMap<String, Row> rows = new TreeMap<>();
  private final Map<Long, Instant> leases = new HashMap<>();
  private final List<MemorySession> sessions = new ArrayList<>();
  private final Clock clock;
  private final Duration lease;
  private long lastSession;

  public MemoryDatabase(Clock clock, Duration lease) {
    this.clock = clock;
    this.lease = lease;
  }

  public synchronized MemorySession open(Link link) {
    MemorySession session = new MemorySession(this, link, clock, lease);
    sessions.add(session);
    return session;
  }

  synchronized List<MemorySession> sessions() {
    return List.copyOf(sessions);
  }

  synchronized long register() {
    leases.put(++lastSession, clock.instant().plus(lease));
    return lastSession;
  }

  synchronized boolean renew(long session) {
    return isLive(session) && leases.put(session, clock.instant().plus(lease)) != null;
  }

  /** Gives all records of the session free and ends its lease. */
  synchronized void end(long session) {
    leases.remove(session);
    rows.values().stream().filter(row -> row.session == session).forEach(row -> row.session = 0);
    rows.values().removeIf(row -> row.content.length == 0 && row.session == 0);
  }

  private boolean isLive(long session) {
    return clock.instant().isBefore(leases.getOrDefault(session, Instant.MIN));
  }

  synchronized List<String> list(String folder) {
    return names(folder, row -> true);
  }

  synchronized List<String> listFree(String folder) {
    return names(folder, row -> !isLive(row.session));
  }

  private List<String> names(String folder, Predicate<Row> filter) {
    int depth = folder.length() + 1;
    return rows.subMap(folder + "/", folder + "0").entrySet().stream()
        .filter(row -> row.getKey().indexOf('/', depth) < 0 && filter.test(row.getValue()))
        .map(Map.Entry::getKey).toList();
  }

  synchronized List<String> folders(String folder) {
    String prefix = folder.isEmpty() ? "" : folder + "/";
    return rows.keySet().stream().filter(name -> name.startsWith(prefix) && name.indexOf('/', prefix.length()) > 0)
        .map(name -> name.substring(0, name.indexOf('/', prefix.length()))).distinct().toList();
  }

  public synchronized byte @Nullable [] read(String name) {
    Row row = rows.get(name);
    return row == null ? null : row.content;
  }

  synchronized void replace(String name, byte[] content) {
    Row row = row(name);
    row.content = content.clone();
    row.changedAt = clock.instant();
  }

  synchronized void append(String name, byte[] bytes) {
    byte[] before = row(name).content;
    byte[] all = Arrays.copyOf(before, before.length + bytes.length);
    System.arraycopy(bytes, 0, all, before.length, bytes.length);
    replace(name, all);
  }

  private Row row(String name) {
    return rows.computeIfAbsent(name, first -> new Row());
  }

  /** Whether the session has the record now: no other live one has. */
  synchronized boolean claim(String name, long session) {
    if (!isLive(session) || isLive(row(name).session)) {
      return false;
    }
    row(name).session = session;
    return true;
  }

  /** @throws ClaimLostException if it is not, by the lease or by another claim */
  synchronized void requireClaimed(String name, long session) {
    if (!isLive(session) || !rows.containsKey(name) || rows.get(name).session != session) {
      throw new ClaimLostException("the claim of " + name + " is lost");
    }
  }

  synchronized void release(String name) {
    row(name).session = 0;
  }

  synchronized void delete(String name) {
    rows.remove(name);
  }

  synchronized void expire(String folder, Duration unchangedFor) {
    Instant limit = clock.instant().minus(unchangedFor);
    names(folder, row -> !isLive(row.session) && row.changedAt.isBefore(limit))
        .forEach(rows::remove);
  }

  /** The names that begin with this. */
  public synchronized List<String> namesBelow(String prefix) {
    return rows.keySet().stream().filter(name -> name.startsWith(prefix)).toList();
  }
}
