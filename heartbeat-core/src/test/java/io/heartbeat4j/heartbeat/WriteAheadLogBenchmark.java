package io.heartbeat4j.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.heartbeat.memory.AgentMemory;
import io.heartbeat4j.storage.FileStorage;
import io.heartbeat4j.storage.Storage;
import io.heartbeat4j.worker.WorkResult;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * What {@code benchmarks/journal} measures: heartbeats with their journal on disk in turn with the same ones without.
 * Its name keeps it out of the build's tests.
 */
class WriteAheadLogBenchmark {

  private static final int WARM_UP = 20;
  private static final int ROUNDS = Integer.getInteger("journal.rounds", 200);

  @Test
  void heartbeats_with_their_journal_in_turn_with_the_same_ones_without() throws IOException {
    String directory = System.getProperty("journal.dir", "");
    Path root = directory.isEmpty()
        ? Files.createTempDirectory("journal-cost")
        : Files.createTempDirectory(Path.of(directory), "journal-cost");
    List<Long> with = new ArrayList<>();
    List<Long> without = new ArrayList<>();
    List<Long> inTheDisk = new ArrayList<>();
    try (HeartbeatFixture fixture = new HeartbeatFixture()) {
      AtomicLong disk = new AtomicLong();
      boolean[] journal = {true};
      fixture.memory = (url, company, agent) -> {
        Storage files = new FileStorage(root, Runnable::run, Clock.systemUTC())
            .in(AgentMemory.folder(url, company, agent));
        return new AgentMemory(journal[0] ? new Timed(files, disk) : new WithoutLogs(files), root,
            fixture.warnings::add);
      };
      List<Long> took = new CopyOnWriteArrayList<>();
      String agent = fixture.agent("Wren", context -> new WorkResult.Done("Done."));
      fixture.server.setWakeHandler(agent, wake -> {
        long began = System.nanoTime();
        return fixture.beat(wake.agentId(), wake.environment()).map(outcome -> {
          took.add(System.nanoTime() - began);
          return 0;
        });
      });
      for (int round = 0; round < 2 * (WARM_UP + ROUNDS); round++) {
        journal[0] = round % 2 == 0;
        disk.set(0);
        fixture.assigned("Issue " + round, agent);
        fixture.awaitEndedRuns(agent, round + 1);
        if (round >= 2 * WARM_UP) {
          (journal[0] ? with : without).add(took.get(round));
          if (journal[0]) {
            inTheDisk.add(disk.get());
          }
        }
      }
      assertThat(took).hasSize(2 * (WARM_UP + ROUNDS));
      assertThat(fixture.warnings).isEmpty();
    }
    System.out.printf(Locale.ROOT, "heartbeat with journal    median %8.3f ms%n", median(with));
    System.out.printf(Locale.ROOT, "the same without          median %8.3f ms%n", median(without));
    System.out.printf(Locale.ROOT, "in the journal's files    median %8.3f ms, 95 %% below %.3f ms%n",
        median(inTheDisk), quantile(inTheDisk, 0.95));
    System.out.printf(Locale.ROOT, "journal adds %.3f ms%n", median(with) - median(without));
  }

  private static double median(List<Long> nanos) {
    return quantile(nanos, 0.5);
  }

  private static double quantile(List<Long> nanos, double share) {
    List<Long> sorted = nanos.stream().sorted().toList();
    return sorted.get((int) (share * (sorted.size() - 1))) / 1e6;
  }

  /** Keeps the memory on disk, and the journal nowhere. */
  private record WithoutLogs(Storage files) implements DelegatingStorage {

    @Override
    public Future<List<String>> list(String folder) {
      return folder.equals("journal") ? Future.succeededFuture(List.of()) : files.list(folder);
    }

    @Override
    public Future<Optional<Claim>> claim(String name) {
      return Future.succeededFuture(Optional.empty());
    }
  }

  /** Adds up what the calls for the journal take; the storage blocks the caller. */
  private record Timed(Storage files, AtomicLong nanos) implements DelegatingStorage {

    private static <T> T timed(AtomicLong nanos, Supplier<T> access) {
      long began = System.nanoTime();
      try {
        return access.get();
      } finally {
        nanos.addAndGet(System.nanoTime() - began);
      }
    }

    @Override
    public Future<List<String>> list(String folder) {
      return timed(nanos, () -> files.list(folder));
    }

    @Override
    public Future<Optional<Claim>> claim(String name) {
      return timed(nanos, () -> files.claim(name)).map(claim -> claim.map(own -> new TimedClaim(own, nanos)));
    }

    private record TimedClaim(Claim claim, AtomicLong nanos) implements Claim {

      @Override
      public String name() {
        return claim.name();
      }

      @Override
      public byte[] content() {
        return claim.content();
      }

      @Override
      public Future<Void> append(byte[] bytes, boolean flush) {
        return timed(nanos, () -> claim.append(bytes, flush));
      }

      @Override
      public Future<Void> delete() {
        return timed(nanos, claim::delete);
      }

      @Override
      public Future<Void> moveTo(String name, byte[] content) {
        return timed(nanos, () -> claim.moveTo(name, content));
      }

      @Override
      public Future<Void> release() {
        return timed(nanos, claim::release);
      }
    }
  }

  /** Passes on what is not of interest. */
  private interface DelegatingStorage extends Storage {

    Storage files();

    @Override
    default Future<List<String>> folders(String folder) {
      return files().folders(folder);
    }

    @Override
    default Future<Optional<byte[]>> read(String name) {
      return files().read(name);
    }

    @Override
    default Future<Void> replace(String name, byte[] content) {
      return files().replace(name, content);
    }

    @Override
    default Future<Void> append(String name, byte[] bytes) {
      return files().append(name, bytes);
    }

    @Override
    default Future<List<Claim>> claimAll(String folder) {
      return files().claimAll(folder);
    }

    @Override
    default Future<Void> expire(String folder, Duration unchangedFor) {
      return files().expire(folder, unchangedFor);
    }
  }
}
