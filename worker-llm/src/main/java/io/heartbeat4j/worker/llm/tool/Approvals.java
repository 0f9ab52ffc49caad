package io.heartbeat4j.worker.llm.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The call that a person was asked about. It is kept beside the transcript until the card is answered, and a yes is good for
 * exactly that call, once.
 */
public final class Approvals {

  private final Path file;
  private Optional<String> granted = Optional.empty();
  private boolean asked;

  public Approvals(Path directory) {
    this.file = directory.resolve("asked");
  }

  /** Takes note that the pending card was accepted; returns the call, if there was one. */
  public Optional<String> accept() throws IOException {
    granted = pending();
    forget();
    return granted;
  }

  public Optional<String> pending() throws IOException {
    return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
  }

  /** Whether this very call was accepted; it is so only once. */
  boolean isGranted(String call) {
    boolean is = granted.filter(call::equals).isPresent();
    if (is) {
      granted = Optional.empty();
    }
    return is;
  }

  void ask(String call) throws IOException {
    Files.writeString(file, call);
    asked = true;
  }

  /** The heartbeat ends: unless it asked, no later answer is about an earlier call. */
  public void end() throws IOException {
    if (!asked) {
      forget();
    }
  }

  private void forget() throws IOException {
    Files.deleteIfExists(file);
  }
}
