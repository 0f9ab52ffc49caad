package io.heartbeat4j.heartbeat.state;

import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.CompanyId;
import io.heartbeat4j.protocol.IssueId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Memory in files, by server, company and agent: one JSON file per issue, replaced as a whole, readable by a person.
 *
 * <p>Where the directory can't be written the heartbeat goes on without memory, and says so once.
 */
public final class StateDirectory implements AgentMemory {

  private final Path agent;
  private final Storage storage;
  private final Consumer<String> warnings;
  private final AtomicBoolean warned = new AtomicBoolean();

  private StateDirectory(Path agent, Storage storage, Consumer<String> warnings) {
    this.agent = agent;
    this.storage = storage;
    this.warnings = warnings;
  }

  public static StateDirectory of(
      Path root, ServerUrl server, CompanyId company, AgentId agent, Consumer<String> warnings) {
    String host = server.toString().replaceFirst("^https?://", "").replaceAll("[^A-Za-z0-9.-]", "_");
    Path own = root.resolve(host).resolve(company.toString()).resolve(agent.toString());
    return new StateDirectory(own, new Folder(own), warnings);
  }

  /**
   * Memory in another storage than a folder's files.
   *
   * @param workers where the directories of workers are made
   */
  public static StateDirectory in(Storage storage, Path workers, Consumer<String> warnings) {
    return new StateDirectory(workers, storage, warnings);
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
  public IssueMemory recall(IssueId issue) {
    try {
      Optional<byte[]> json = storage.read(file(issue));
      return json.isEmpty() ? IssueMemory.NONE : ProtocolJson.mapper().readValue(json.get(), IssueMemory.class);
    } catch (IOException unreadable) {
      warn("read " + file(issue), unreadable);
      return IssueMemory.NONE;
    }
  }

  @Override
  public IssueMemory remember(IssueId issue, UnaryOperator<IssueMemory> change) {
    IssueMemory known = recall(issue);
    IssueMemory changed = change.apply(known);
    if (!changed.equals(known)) {
      try {
        storage.replace(file(issue), ProtocolJson.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(changed));
      } catch (IOException unwritable) {
        warn("write " + file(issue), unwritable);
      }
    }
    return changed;
  }

  @Override
  public Path workerDirectory(IssueId issue) {
    Path directory = agent.resolve("workers").resolve(issue.toString());
    try {
      return Files.createDirectories(directory);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(
          "the state directory " + directory + " can't be made (" + unwritable.getMessage()
              + "): set HEARTBEAT_STATE_DIR to a directory that this user can write", unwritable);
    }
  }

  @Override
  public Storage storage() {
    return storage;
  }

  @Override
  public void warn(String message) {
    if (warned.compareAndSet(false, true)) {
      warnings.accept(message);
    }
  }

  private static String file(IssueId issue) {
    return "issues/" + issue + ".json";
  }

  private void warn(String what, IOException cause) {
    warn("no memory of earlier heartbeats: could not " + what + " in " + agent + " (" + cause.getClass().getSimpleName()
        + "); set HEARTBEAT_STATE_DIR to a directory that this user can write");
  }
}
