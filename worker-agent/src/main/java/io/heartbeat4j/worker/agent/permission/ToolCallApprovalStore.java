package io.heartbeat4j.worker.agent.permission;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The call that a person was asked about. It is kept beside the transcript until the card is answered, and a yes is
 * good for exactly that call, once.
 */
public final class ToolCallApprovalStore {

  private final Path file;
  private Optional<String> granted = Optional.empty();
  private boolean asked;

  public ToolCallApprovalStore(Path directory) {
    this.file = directory.resolve("asked");
  }

  /** Takes note that the pending card was accepted; returns the call, if there was one. */
  public Optional<String> acceptPending() throws IOException {
    granted = pending();
    delete();
    return granted;
  }

  public Optional<String> pending() throws IOException {
    return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
  }

  /** Whether this very call was accepted; it is so only once. */
  public boolean consumeGrant(String call) {
    boolean is = granted.filter(call::equals).isPresent();
    if (is) {
      granted = Optional.empty();
    }
    return is;
  }

  /** A person is asked about the call. */
  public void recordRequest(String call) throws IOException {
    Files.writeString(file, call);
    asked = true;
  }

  /** The heartbeat ends: unless it asked, no later answer is about an earlier call. */
  public void endHeartbeat() throws IOException {
    if (!asked) {
      delete();
    }
  }

  private void delete() throws IOException {
    Files.deleteIfExists(file);
  }
}
