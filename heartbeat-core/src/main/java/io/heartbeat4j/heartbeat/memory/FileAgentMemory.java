package io.heartbeat4j.heartbeat.memory;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.CompanyId;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.storage.FileStorage;
import io.heartbeat4j.storage.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Memory in files under {@code <server>/<company>/<agent>/}: one file per issue, one line of JSON per change; the last
 * readable line counts.
 *
 * <p>Where the directory can't be written, the heartbeat goes on without memory and warns once.
 */
public final class FileAgentMemory implements AgentMemory {

  /** In bytes, some fifty changes; a longer file is replaced by its newest line. */
  static final int MAX_FILE_BYTES = 1 << 14;

  /** The settings that name the directory, for messages. */
  public static final String SETTING_NAMES = "HEARTBEAT_STATE_DIR (of a host: 'state-dir')";

  private static final Pattern SCHEME = Pattern.compile("^https?://");
  private static final Pattern NOT_IN_A_NAME = Pattern.compile("[^A-Za-z0-9.-]");

  private final Path agent;
  private final Storage storage;
  private final Consumer<String> warnings;
  private final AtomicBoolean warned = new AtomicBoolean();

  private FileAgentMemory(Path agent, Storage storage, Consumer<String> warnings) {
    this.agent = agent;
    this.storage = storage;
    this.warnings = warnings;
  }

  public static FileAgentMemory of(
      Path root, ServerUrl server, CompanyId company, AgentId agent, Consumer<String> warnings) {
    String host = NOT_IN_A_NAME.matcher(SCHEME.matcher(server.toString()).replaceFirst("")).replaceAll("_");
    Path own = root.resolve(host).resolve(company.toString()).resolve(agent.toString());
    return new FileAgentMemory(own, new FileStorage(own), warnings);
  }

  /**
   * Memory in another storage, for tests and simulations.
   *
   * @param workers the parent of the worker directories
   */
  public static FileAgentMemory in(Storage storage, Path workers, Consumer<String> warnings) {
    return new FileAgentMemory(workers, storage, warnings);
  }

  /** {@code HEARTBEAT_STATE_DIR}, else {@code $XDG_STATE_HOME/heartbeat4j}, else {@code ~/.local/state/heartbeat4j}. */
  public static Path root(Map<String, String> environment) {
    String own = environment.getOrDefault("HEARTBEAT_STATE_DIR", "");
    if (!own.isBlank()) {
      return Path.of(own);
    }
    String xdg = environment.getOrDefault("XDG_STATE_HOME", "");
    Path state = xdg.isBlank()
        ? Path.of(environment.getOrDefault("HOME", System.getProperty("user.home", "."))).resolve(".local/state")
        : Path.of(xdg);
    return state.resolve("heartbeat4j");
  }

  @Override
  public StoredMemory read(IssueId issue) {
    try {
      return storage.read(file(issue))
          .map(kept -> new StoredMemory(parse(issue, kept), kept.length, isTorn(kept)))
          .orElse(StoredMemory.NONE);
    } catch (IOException unreadable) {
      warn("read " + file(issue), unreadable);
      return StoredMemory.NONE;
    }
  }

  /** The last readable line: a crash may have torn the one after it. */
  private IssueMemory parse(IssueId issue, byte[] kept) {
    IOException unreadable = null;
    for (String line : new String(kept, UTF_8).lines().toList().reversed()) {
      try {
        return ProtocolJson.mapper().readValue(line, IssueMemory.class);
      } catch (IOException failed) {
        unreadable = failed;
      }
    }
    if (unreadable != null && !isTorn(kept)) {
      warn("read " + file(issue), unreadable);
    }
    return IssueMemory.NONE;
  }

  private static boolean isTorn(byte[] kept) {
    return kept.length > 0 && kept[kept.length - 1] != '\n';
  }

  @Override
  public StoredMemory append(IssueId issue, StoredMemory before, IssueMemory now) {
    try {
      byte[] line = ((before.torn() ? "\n" : "") + ProtocolJson.mapper().writeValueAsString(now) + "\n")
          .getBytes(UTF_8);
      if (before.length() > MAX_FILE_BYTES) {
        storage.replace(file(issue), line);
        return new StoredMemory(now, line.length, false);
      }
      storage.append(file(issue), line);
      return new StoredMemory(now, before.length() + line.length, false);
    } catch (IOException unwritable) {
      warn("write " + file(issue), unwritable);
      return before;
    }
  }

  @Override
  public Path workerDirectory(IssueId issue) {
    Path directory = agent.resolve("workers").resolve(issue.toString());
    try {
      return Files.createDirectories(directory);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(
          "the state directory " + directory + " can't be made (" + unwritable.getMessage()
              + "): set " + SETTING_NAMES + " to a directory that this user can write",
          unwritable);
    }
  }

  @Override
  public Storage storage() {
    return storage;
  }

  @Override
  public Path directory() {
    return agent;
  }

  @Override
  public void warn(String message) {
    if (warned.compareAndSet(false, true)) {
      warnings.accept(message);
    }
  }

  private static String file(IssueId issue) {
    return "issues/" + issue + ".jsonl";
  }

  private void warn(String what, IOException cause) {
    warn("no memory of earlier heartbeats: could not " + what + " in " + agent + " (" + cause.getClass().getSimpleName()
        + "); set " + SETTING_NAMES + " to a directory that this user can write");
  }
}
