package io.heartbeat4j.worker.agent.permission;

import io.heartbeat4j.worker.Trigger;
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

  /** A person was asked to allow a call, and this may be the answer: what the model is told of it, or nothing. */
  public String takeAnswer(Trigger trigger) throws IOException {
    Optional<String> call = pending();
    if (!(trigger instanceof Trigger.InteractionAnswered answered) || call.isEmpty()) {
      return "";
    }
    if (!answered.isAccepted()) {
      return "\n\nThe call that you needed permission for was refused. Do without it: " + call.get();
    }
    granted = call;
    delete();
    return "\n\nThe call that you needed permission for is allowed, once and exactly as it was: " + call.get();
  }

  private Optional<String> pending() throws IOException {
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
