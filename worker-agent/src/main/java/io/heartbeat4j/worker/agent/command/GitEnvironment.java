package io.heartbeat4j.worker.agent.command;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Variables that keep git from running what a repository names: hooks, a file system monitor, the {@code ext::}
 * protocol, and an external diff. They take precedence over the configuration files, not over {@code git -c}.
 */
final class GitEnvironment {

  private static final String COUNT = "GIT_CONFIG_COUNT";

  private static final List<Map.Entry<String, String>> SETTINGS = List.of(
      Map.entry("core.hooksPath", "/dev/null"),
      Map.entry("core.fsmonitor", "false"),
      Map.entry("protocol.ext.allow", "never"));

  private GitEnvironment() {}

  /** These variables, and those for git; what they already configure for git stays, as far as it is something else. */
  static Map<String, String> harden(Map<String, String> variables) {
    Map<String, String> hardened = new HashMap<>(variables);
    hardened.remove("GIT_EXTERNAL_DIFF");
    int next = count(variables.getOrDefault(COUNT, "0"));
    for (Map.Entry<String, String> setting : SETTINGS) {
      hardened.put("GIT_CONFIG_KEY_" + next, setting.getKey());
      hardened.put("GIT_CONFIG_VALUE_" + next, setting.getValue());
      next++;
    }
    hardened.put(COUNT, Integer.toString(next));
    return hardened;
  }

  private static int count(String written) {
    return written.matches("[0-9]{1,3}") ? Integer.parseInt(written) : 0;
  }
}
