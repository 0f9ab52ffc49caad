package io.heartbeat4j.cli;

import io.heartbeat4j.heartbeat.memory.AgentMemory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The unix socket of a host on this machine. */
final class HostSocket {

  private HostSocket() {}

  /** The first of the places where {@code heartbeat serve} makes one. The server may have other variables. */
  static Optional<Path> find(Map<String, String> environment) {
    return Stream.of(
        Path.of(environment.getOrDefault("XDG_RUNTIME_DIR", "/run"), "heartbeat4j"),
        Path.of("/run/heartbeat4j"),
        AgentMemory.root(environment).resolve("host"))
        .map(folder -> folder.resolve("host.sock")).filter(Files::exists).findFirst();
  }
}
