package io.heartbeat4j.worker.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process and all that it has started, also what has left its session or outlived its parent. That is remembered from
 * earlier looks, and on Linux known by a variable that only this tree's environment has; a process that has cleared its
 * environment and that no look has seen is not found. For one thread.
 */
public final class ProcessTree {

  private static final Path PROC = Path.of("/proc");
  private static final Duration AFTER_A_KILL = Duration.ofSeconds(2);
  private static final int KILLS = 3;

  private final Process process;
  private final String environmentMarker;
  private final Set<ProcessHandle> seen = new HashSet<>();

  /** @param marker {@code NAME=value}, as it stands in the environment of the process */
  public ProcessTree(Process process, String marker) {
    this.process = process;
    this.environmentMarker = marker;
    seen.add(process.toHandle());
  }

  /** Remembers what the process has started: once it has exited, nobody could tell any more. */
  public void recordDescendants() {
    for (ProcessHandle known : List.copyOf(seen)) {
      try (Stream<ProcessHandle> descendants = known.descendants()) {
        descendants.forEach(seen::add);
      }
    }
  }

  /** Looks for what has left the tree; reads the environment of every process of this user. */
  private void recordDetached() {
    if (!Files.isDirectory(PROC)) {
      return;
    }
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      all.filter(each -> !seen.contains(each) && isMarked(each)).forEach(seen::add);
    }
  }

  private boolean isMarked(ProcessHandle each) {
    try {
      byte[] environment = Files.readAllBytes(PROC.resolve(Long.toString(each.pid())).resolve("environ"));
      return ("\0" + new String(environment, StandardCharsets.UTF_8)).contains("\0" + environmentMarker + "\0");
    } catch (IOException goneOrNotOurs) {
      return false;
    }
  }

  /** Asks all to end, waits for them, and kills what is left. */
  public void terminate(Duration grace) throws InterruptedException {
    recordDescendants();
    recordDetached();
    alive().forEach(ProcessHandle::destroy);
    await(grace);
    for (int i = 0; i < KILLS && !alive().isEmpty(); i++) {
      recordDescendants();
      recordDetached();
      alive().forEach(ProcessHandle::destroyForcibly);
      await(AFTER_A_KILL);
    }
    process.waitFor(AFTER_A_KILL.toMillis(), TimeUnit.MILLISECONDS);
  }

  private List<ProcessHandle> alive() {
    return seen.stream().filter(ProcessHandle::isAlive).toList();
  }

  private void await(Duration longest) throws InterruptedException {
    long until = System.nanoTime() + longest.toNanos();
    while (!alive().isEmpty() && System.nanoTime() < until) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}
