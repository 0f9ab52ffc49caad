package io.heartbeat4j.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The arguments of {@code heartbeat run}.
 *
 * @param config the YAML file; without one, everything comes from {@code HEARTBEAT_*} variables
 * @param json one JSON line per step instead of the timeline
 */
record RunOptions(Optional<Path> config, boolean json) {

  static RunOptions fromEnvironment(Map<String, String> environment) {
    String file = environment.getOrDefault("HEARTBEAT_CONFIG", "");
    return new RunOptions(
        file.isBlank() ? Optional.empty() : Optional.of(Path.of(file)),
        "json".equals(environment.get("HEARTBEAT_LOG_FORMAT")));
  }

  /**
   * Reads the plain forms of the arguments without picocli, whose initialisation takes longer than the protocol of a
   * one-shot heartbeat. Empty for other arguments, which are then parsed by picocli.
   */
  static Optional<RunOptions> parsePlain(String[] args, Map<String, String> environment) {
    if (args.length == 0 || !args[0].equals("run")) {
      return Optional.empty();
    }
    RunOptions options = fromEnvironment(environment);
    for (int i = 1; i < args.length; i += 2) {
      if (i + 1 == args.length) {
        return Optional.empty();
      }
      String value = args[i + 1];
      switch (args[i]) {
        case "--config" -> options = new RunOptions(Optional.of(Path.of(value)), options.json);
        case "--log-format" -> {
          if (!value.equals("json") && !value.equals("text")) {
            return Optional.empty();
          }
          options = new RunOptions(options.config, value.equals("json"));
        }
        default -> {
          return Optional.empty();
        }
      }
    }
    return Optional.of(options);
  }
}
