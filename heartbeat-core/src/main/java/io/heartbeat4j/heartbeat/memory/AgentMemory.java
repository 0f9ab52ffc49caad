package io.heartbeat4j.heartbeat.memory;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.CompanyId;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.storage.ClaimLostException;
import io.heartbeat4j.storage.OwnerOnlyFiles;
import io.heartbeat4j.storage.Storage;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Persistent memory of one agent, in the storage's folder {@code <server>/<company>/<agent>/}: one record per issue, one
 * line of JSON per change; the last readable line counts. Thread-safe; futures complete on any thread and never fail.
 *
 * <p>Where the storage can't be written, the heartbeat goes on without memory and warns once.
 */
public final class AgentMemory {

  /** In bytes, some fifty changes; a longer record is replaced by its newest line. */
  static final int MAX_RECORD_BYTES = 1 << 14;

  /** The settings that name the directory, for messages. */
  public static final String SETTING_NAMES = "HEARTBEAT_STATE_DIR (of a host: 'state-dir')";

  private static final Pattern SCHEME = Pattern.compile("^https?://");
  private static final Pattern NOT_IN_A_NAME = Pattern.compile("[^A-Za-z0-9.-]");

  private final Storage storage;
  private final Path directory;
  private final boolean shared;
  private final Consumer<String> warnings;
  private final AtomicBoolean warned = new AtomicBoolean();

  /**
   * Memory in an agent's own storage.
   *
   * @param directory the parent of the worker directories; named in messages
   * @param warnings is given the first warning
   */
  public AgentMemory(Storage storage, Path directory, Consumer<String> warnings) {
    this(storage, directory, false, warnings);
  }

  private AgentMemory(Storage storage, Path directory, boolean shared, Consumer<String> warnings) {
    this.storage = storage;
    this.directory = directory;
    this.shared = shared;
    this.warnings = warnings;
  }

  /**
   * The memory of one agent in a storage of many.
   *
   * @param root the directory of the storage's files, and of the worker directories
   */
  public static AgentMemory of(
      Storage storage, Path root, ServerUrl server, CompanyId company, AgentId agent, Consumer<String> warnings) {
    String folder = folder(server, company, agent);
    return new AgentMemory(storage.in(folder), root.resolve(folder), warnings);
  }

  /**
   * The memory of one agent in a storage that several hosts share: what a worker keeps for an issue is in the storage
   * too, and in the directory only while the worker runs.
   */
  public static AgentMemory shared(
      Storage storage, Path root, ServerUrl server, CompanyId company, AgentId agent, Consumer<String> warnings) {
    String folder = folder(server, company, agent);
    return new AgentMemory(storage.in(folder), root.resolve(folder), true, warnings);
  }

  /** The folder of an agent's records. */
  public static String folder(ServerUrl server, CompanyId company, AgentId agent) {
    String host = NOT_IN_A_NAME.matcher(SCHEME.matcher(server.toString()).replaceFirst("")).replaceAll("_");
    return host + "/" + company + "/" + agent;
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

  /**
   * An issue's memory as it was read from its record.
   *
   * @param length of the record in bytes
   * @param torn whether a crash has left its last line without an end
   */
  record Stored(IssueMemory memory, int length, boolean torn) {
    static final Stored NONE = new Stored(IssueMemory.NONE, 0, false);
  }

  /** The memory of the issue; {@link IssueMemory#NONE} where there is none. */
  Future<Stored> read(IssueId issue) {
    return storage.read(name(issue))
        .map(found -> found.map(kept -> new Stored(parse(issue, kept), kept.length, isTorn(kept))).orElse(Stored.NONE))
        .otherwise(unreadable -> {
          warn("read " + name(issue), unreadable);
          return Stored.NONE;
        });
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
      warn("read " + name(issue), unreadable);
    }
    return IssueMemory.NONE;
  }

  private static boolean isTorn(byte[] kept) {
    return kept.length > 0 && kept[kept.length - 1] != '\n';
  }

  /** Appends the new memory of the issue; answers what a read would answer from now on. */
  Future<Stored> append(IssueId issue, Stored before, IssueMemory now) {
    byte[] line = line(before, now);
    boolean anew = before.length() > MAX_RECORD_BYTES;
    Future<Void> written = anew ? storage.replace(name(issue), line) : storage.append(name(issue), line);
    return written
        .map(new Stored(now, (anew ? 0 : before.length()) + line.length, false))
        .otherwise(unwritable -> {
          warn("write " + name(issue), unwritable);
          return before;
        });
  }

  private static byte[] line(Stored before, IssueMemory now) {
    try {
      return ((before.torn() ? "\n" : "") + ProtocolJson.mapper().writeValueAsString(now) + "\n").getBytes(UTF_8);
    } catch (JsonProcessingException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /**
   * A directory that is kept for the worker of this agent and issue; created if missing. Blocks.
   *
   * @throws UncheckedIOException if it can't be created
   */
  public Path workerDirectory(IssueId issue) {
    Path own = directory.resolve(workerName(issue));
    try {
      if (shared) {
        new WorkerDirectories(directory, storage).unpack(workerName(issue));
      }
      OwnerOnlyFiles.createDirectories(own);
      return own;
    } catch (IOException unwritable) {
      throw new UncheckedIOException("the state directory " + own + " can't be made (" + unwritable.getMessage()
          + "): set " + SETTING_NAMES + " to a directory that this user can write", unwritable);
    }
  }

  /** Keeps what a worker has left in its directory, where another host may need it. Never fails. Blocks. */
  public void saveWorkerDirectory(IssueId issue) {
    if (!shared) {
      return;
    }
    try {
      new WorkerDirectories(directory, storage).pack(workerName(issue));
    } catch (IOException | CompletionException unsaved) {
      warn("the files of the worker for issue " + issue + " are not kept: " + unsaved.getMessage());
    }
  }

  private static String workerName(IssueId issue) {
    return WorkerDirectories.FOLDER + "/" + issue;
  }

  /** The agent's records, for the write-ahead log. */
  public Storage storage() {
    return storage;
  }

  /** Where the records are, for messages. */
  public String location() {
    return directory.toString();
  }

  /** Warns that something can't be persisted; shown once. */
  public void warn(String message) {
    if (warned.compareAndSet(false, true)) {
      warnings.accept(message);
    }
  }

  private static String name(IssueId issue) {
    return "issues/" + issue + ".jsonl";
  }

  private void warn(String what, Throwable cause) {
    if (cause instanceof ClaimLostException) {
      return; // nothing of this heartbeat counts any more; the host says so once
    }
    warn("no memory of earlier heartbeats: could not " + what + " in " + location() + " ("
        + cause.getClass().getSimpleName() + "); set " + SETTING_NAMES + " to a directory that this user can write");
  }
}
