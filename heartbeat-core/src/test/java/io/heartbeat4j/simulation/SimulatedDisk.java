package io.heartbeat4j.simulation;

import io.heartbeat4j.storage.RecordClaim;
import io.heartbeat4j.storage.Storage;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * One agent's disk. It outlives its processes; a claim lives as long as its process; a kill can tear the last line, and
 * a loss of power takes all that was not flushed.
 */
final class SimulatedDisk implements Storage {

  private final Map<String, byte[]> files = new TreeMap<>();
  private final Map<String, SimulatedProcess> claims = new HashMap<>();
  private final Map<String, Integer> flushed = new HashMap<>();
  private final SimulatedProcess.CurrentProcess currentProcess;
  private final SeededRandom seededRandom;

  SimulatedDisk(SimulatedProcess.CurrentProcess currentProcess, SeededRandom seededRandom) {
    this.currentProcess = currentProcess;
    this.seededRandom = seededRandom;
  }

  List<String> journal() {
    return files.keySet().stream().filter(name -> name.startsWith("journal/")).toList();
  }

  /** A process that was killed gets no answer any more. */
  private <T> Future<T> answer(Supplier<T> access) {
    SimulatedProcess process = currentProcess.now;
    return process != null && process.isDead() ? Future.future(never -> {}) : Future.succeededFuture(access.get());
  }

  private Future<Void> change(Runnable access) {
    return answer(() -> {
      access.run();
      return this;
    }).mapEmpty();
  }

  @Override
  public Future<List<String>> list(String folder) {
    return answer(() -> files.keySet().stream().filter(name -> name.startsWith(folder + "/")).toList());
  }

  @Override
  public Future<List<String>> folders(String folder) {
    throw new UnsupportedOperationException("only a host looks for agents");
  }

  @Override
  public Future<Optional<byte[]>> read(String name) {
    return answer(() -> Optional.ofNullable(files.get(name)));
  }

  @Override
  public Future<Void> replace(String name, byte[] content) {
    return change(() -> {
      seededRandom.crash("memory replaced:before");
      files.put(name, content);
      seededRandom.crash("memory replaced:after");
    });
  }

  @Override
  public Future<Void> append(String name, byte[] bytes) {
    return change(() -> write("memory", name, bytes));
  }

  @Override
  public Future<List<Claim>> claimAll(String folder) {
    throw new UnsupportedOperationException("only a host claims all");
  }

  @Override
  public Future<Void> expire(String folder, Duration unchangedFor) {
    throw new UnsupportedOperationException("only a host lets records expire");
  }

  /** A process that is killed leaves all of it, nothing, or a half. */
  private void write(String event, String name, byte[] bytes) {
    seededRandom.crash(event + ":before");
    if (seededRandom.tearsWrite()) {
      extend(name, Arrays.copyOf(bytes, bytes.length / 2));
      seededRandom.kill(event + ":torn");
    }
    extend(name, bytes);
    seededRandom.crash(event + ":after");
  }

  /** The machine stops, now and then, and what was not flushed is gone with the process. */
  private void powerFails(String event, String name) {
    if (seededRandom.tearsWrite()) {
      int kept = flushed.getOrDefault(name, 0);
      if (kept == 0) {
        files.remove(name);
      } else {
        files.put(name, Arrays.copyOf(files.get(name), kept));
      }
      seededRandom.kill(event + ":power");
    }
  }

  private void extend(String name, byte[] bytes) {
    byte[] old = files.getOrDefault(name, new byte[0]);
    byte[] all = Arrays.copyOf(old, old.length + bytes.length);
    System.arraycopy(bytes, 0, all, old.length, bytes.length);
    files.put(name, all);
  }

  @Override
  public Future<Optional<Claim>> claim(String name) {
    return answer(() -> {
      SimulatedProcess process = currentProcess.now;
      SimulatedProcess owner = claims.get(name);
      if (process == null || (owner != null && !owner.isDead())) {
        return Optional.empty();
      }
      claims.put(name, process);
      files.putIfAbsent(name, new byte[0]);
      flushed.put(name, files.get(name).length); // the system writes within half a minute what a killed process left
      return Optional.of(new SimulatedClaim(name, files.get(name)));
    });
  }

  private final class SimulatedClaim extends RecordClaim {

    SimulatedClaim(String name, byte[] content) {
      super(name, content);
    }

    @Override
    public Future<Void> append(byte[] bytes, boolean flush) {
      return change(() -> {
        String event = event(bytes);
        powerFails(event, name());
        write(event, name(), bytes);
        if (flush) {
          flushed.put(name(), files.getOrDefault(name(), new byte[0]).length);
        }
      });
    }

    private static String event(byte[] bytes) {
      String line = new String(bytes, StandardCharsets.UTF_8);
      int at = line.indexOf("\"type\":\"record.");
      return at < 0 ? "newline" : "journal " + line.substring(at + 15, line.indexOf('/', at));
    }

    @Override
    public Future<Void> delete() {
      return change(() -> {
        powerFails("journal cleared", name());
        seededRandom.crash("journal cleared:before");
        files.remove(name());
        flushed.remove(name());
        seededRandom.crash("journal cleared:after");
        claims.remove(name());
      });
    }

    @Override
    public Future<Void> moveTo(String other, byte[] bytes) {
      throw new UnsupportedOperationException("only a host moves runs");
    }

    @Override
    public Future<Void> release() {
      return change(() -> claims.remove(name()));
    }
  }
}
