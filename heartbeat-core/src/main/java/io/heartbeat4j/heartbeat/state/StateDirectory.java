package io.heartbeat4j.heartbeat.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.CompanyId;
import io.heartbeat4j.protocol.IssueId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Memory in files, by server, company and agent: one JSON file per issue, replaced as a whole, readable by a person.
 *
 * <p>Where the directory can't be written the heartbeat goes on without memory, and says so once.
 */
public final class StateDirectory implements AgentMemory {

  private final Path agent;
  private final Consumer<String> warnings;
  private final AtomicBoolean warned = new AtomicBoolean();

  private StateDirectory(Path agent, Consumer<String> warnings) {
    this.agent = agent;
    this.warnings = warnings;
  }

  public static StateDirectory of(
      Path root, ServerUrl server, CompanyId company, AgentId agent, Consumer<String> warnings) {
    String host = server.toString().replaceFirst("^https?://", "").replaceAll("[^A-Za-z0-9.-]", "_");
    return new StateDirectory(root.resolve(host).resolve(company.toString()).resolve(agent.toString()), warnings);
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
  public Optional<Remembered> recall(IssueId issue) {
    Path file = file(issue);
    try {
      return Files.exists(file)
          ? Optional.of(ProtocolJson.mapper().readValue(Files.readAllBytes(file), Remembered.class))
          : Optional.empty();
    } catch (IOException unreadable) {
      warn("read " + file, unreadable);
      return Optional.empty();
    }
  }

  @Override
  public void remember(Remembered disposition) {
    Path file = file(disposition.issue());
    try {
      Files.createDirectories(file.getParent());
      Path next = Files.createTempFile(file.getParent(), disposition.issue().toString(), ".tmp");
      Files.write(next, json(disposition));
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException unwritable) {
      warn("write " + file, unwritable);
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
              + "): set HEARTBEAT_STATE_DIR to a directory that this user can write", unwritable);
    }
  }

  private Path file(IssueId issue) {
    return agent.resolve("issues").resolve(issue + ".json");
  }

  private static byte[] json(Remembered disposition) throws JsonProcessingException {
    return ProtocolJson.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(disposition);
  }

  private void warn(String what, IOException cause) {
    if (warned.compareAndSet(false, true)) {
      warnings.accept("no memory of earlier heartbeats: could not " + what + " (" + cause.getClass().getSimpleName()
          + "); set HEARTBEAT_STATE_DIR to a directory that this user can write");
    }
  }
}
