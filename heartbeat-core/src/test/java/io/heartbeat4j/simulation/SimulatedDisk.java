package io.heartbeat4j.simulation;

import io.heartbeat4j.storage.Storage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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
    return list("journal");
  }

  @Override
  public List<String> list(String folder) {
    return files.keySet().stream().filter(name -> name.startsWith(folder + "/")).toList();
  }

  @Override
  public Optional<byte[]> read(String name) {
    return Optional.ofNullable(files.get(name));
  }

  @Override
  public void replace(String name, byte[] content) {
    seededRandom.crash("memory replaced:before");
    files.put(name, content);
    seededRandom.crash("memory replaced:after");
  }

  @Override
  public void append(String name, byte[] bytes) {
    write("memory", name, bytes);
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
  public Optional<LockedFile> lock(String name) {
    SimulatedProcess process = currentProcess.now;
    SimulatedProcess owner = claims.get(name);
    if (process == null || (owner != null && !owner.isDead())) {
      return Optional.empty();
    }
    claims.put(name, process);
    files.putIfAbsent(name, new byte[0]);
    flushed.put(name, files.get(name).length); // the system writes within half a minute what a killed process has left
    return Optional.of(new ClaimedFile(name));
  }

  private final class ClaimedFile implements LockedFile {

    private final String name;

    ClaimedFile(String name) {
      this.name = name;
    }

    @Override
    public byte[] readAll() {
      return files.getOrDefault(name, new byte[0]);
    }

    @Override
    public void append(byte[] bytes, boolean flush) {
      String event = event(bytes);
      powerFails(event, name);
      write(event, name, bytes);
      if (flush) {
        flushed.put(name, readAll().length);
      }
    }

    private static String event(byte[] bytes) {
      String line = new String(bytes, StandardCharsets.UTF_8);
      int at = line.indexOf("\"type\":\"record.");
      return at < 0 ? "newline" : "journal " + line.substring(at + 15, line.indexOf('/', at));
    }

    @Override
    public void delete() {
      powerFails("journal cleared", name);
      seededRandom.crash("journal cleared:before");
      files.remove(name);
      flushed.remove(name);
      seededRandom.crash("journal cleared:after");
    }

    @Override
    public void close() {
      claims.remove(name);
    }
  }
}
