package io.heartbeat4j.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A copy of the built distribution that the server's user can read, and agents that run it. */
final class InstalledDistribution {

  private final Path home;
  private final Path scripts;
  private final Path stateDirectory;

  InstalledDistribution(Path directory) throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    this.home = copy(Path.of(System.getProperty("heartbeat.home")), directory.resolve("heartbeat4j"));
    this.scripts = Files.createDirectories(directory.resolve("scripts"));
    this.stateDirectory = Files.createDirectories(directory.resolve("state"));
    Files.setPosixFilePermissions(stateDirectory, PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.setPosixFilePermissions(scripts, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  /** The adapter's settings for an agent whose work is this shell script. */
  Map<String, Object> shellAgentConfig(String name, String script) throws IOException {
    return shellAgentConfig(name, script, Map.of());
  }

  Map<String, Object> shellAgentConfig(String name, String script, Map<String, String> environment) throws IOException {
    Path file = scripts.resolve(name + ".sh");
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    Map<String, String> variables = new LinkedHashMap<>(Map.of(
        "HEARTBEAT_WORKER", "shell",
        "HEARTBEAT_WORKER_COMMAND", "[\"" + file + "\"]",
        "HEARTBEAT_STATE_DIR", stateDirectory.toString(),
        "HEARTBEAT_AOT", "off"));
    variables.putAll(environment);
    return Map.of("command", home.resolve("bin/heartbeat").toString(), "args", List.of("run"), "env", variables);
  }

  /** The adapter's settings for an agent whose worker is set in variables. */
  Map<String, Object> agentConfig(Map<String, String> environment) {
    Map<String, String> variables = new LinkedHashMap<>(
        Map.of("HEARTBEAT_STATE_DIR", stateDirectory.toString(), "HEARTBEAT_AOT", "off"));
    variables.putAll(environment);
    return Map.of("command", home.resolve("bin/heartbeat").toString(), "args", List.of("run"), "env", variables);
  }

  /** A file that scripts and tests talk through. */
  Path signalFile(String name) {
    return scripts.resolve(name);
  }

  /** Where agents keep their state. */
  Path stateDirectory() {
    return stateDirectory;
  }

  private static Path copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
          Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
        } else if (!file.toString().contains(".aot")) {
          Files.copy(file, target);
          Files.setPosixFilePermissions(target, PosixFilePermissions.fromString(
              Files.isExecutable(file) ? "rwxr-xr-x" : "rw-r--r--"));
        }
      }
    }
    return to;
  }
}
