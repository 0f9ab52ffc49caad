package io.heartbeat4j.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.heartbeat.memory.FileAgentMemory;
import io.heartbeat4j.storage.Storage;
import io.heartbeat4j.worker.WorkResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
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
        Storage files = FileAgentMemory.of(root, url, company, agent, fixture.warnings::add).storage();
        return FileAgentMemory.in(journal[0] ? new Timed(files, disk) : new WithoutLogs(files), root,
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
  private record WithoutLogs(Storage files) implements Storage {

    @Override
    public List<String> list(String folder) throws IOException {
      return folder.equals("journal") ? List.of() : files.list(folder);
    }

    @Override
    public Optional<byte[]> read(String name) throws IOException {
      return files.read(name);
    }

    @Override
    public void replace(String name, byte[] content) throws IOException {
      files.replace(name, content);
    }

    @Override
    public void append(String name, byte[] bytes) throws IOException {
      files.append(name, bytes);
    }

    @Override
    public Optional<LockedFile> lock(String name) {
      return Optional.empty();
    }
  }

  private interface Access<T> {
    T get() throws IOException;
  }

  /** Adds up what the calls for the journal take. */
  private record Timed(Storage files, AtomicLong nanos) implements Storage {

    private static <T> T timed(AtomicLong nanos, Access<T> access) throws IOException {
      long began = System.nanoTime();
      try {
        return access.get();
      } finally {
        nanos.addAndGet(System.nanoTime() - began);
      }
    }

    @Override
    public List<String> list(String folder) throws IOException {
      return timed(nanos, () -> files.list(folder));
    }

    @Override
    public Optional<byte[]> read(String name) throws IOException {
      return files.read(name);
    }

    @Override
    public void replace(String name, byte[] content) throws IOException {
      files.replace(name, content);
    }

    @Override
    public void append(String name, byte[] bytes) throws IOException {
      files.append(name, bytes);
    }

    @Override
    public Optional<LockedFile> lock(String name) throws IOException {
      return timed(nanos, () -> files.lock(name)).map(log -> new TimedLog(log, nanos));
    }

    private record TimedLog(LockedFile log, AtomicLong nanos) implements LockedFile {

      @Override
      public byte[] readAll() throws IOException {
        return timed(nanos, log::readAll);
      }

      @Override
      public void append(byte[] bytes, boolean flush) throws IOException {
        timed(nanos, () -> {
          log.append(bytes, flush);
          return bytes;
        });
      }

      @Override
      public void delete() throws IOException {
        timed(nanos, () -> {
          log.delete();
          return log;
        });
      }

      @Override
      public void close() throws IOException {
        timed(nanos, () -> {
          log.close();
          return log;
        });
      }
    }
  }
}
