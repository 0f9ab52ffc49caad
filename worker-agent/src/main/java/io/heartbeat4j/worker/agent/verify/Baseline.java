package io.heartbeat4j.worker.agent.verify;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The workspace before anything was changed for an issue; kept until the issue is done.
 *
 * @param commit git's HEAD; empty where there is none
 * @param exitCodes of the checks, by their commands
 */
record Baseline(String commit, Map<String, Integer> exitCodes) {

  static final Baseline UNKNOWN = new Baseline("", Map.of());

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The kept one; one that can't be read is as good as none. */
  static Optional<Baseline> read(Path file) {
    try {
      return Files.exists(file) ? Optional.of(JSON.readValue(file.toFile(), Baseline.class)) : Optional.empty();
    } catch (IOException broken) {
      return Optional.of(UNKNOWN);
    }
  }

  void write(Path file) throws IOException {
    JSON.writeValue(file.toFile(), this);
  }
}
