package io.heartbeat4j.host.config;

import io.heartbeat4j.worker.SettingsException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Everything that is wrong with a host's files, each with the file and the line where it is written. */
final class Problems {

  /** What the keys of a problem begin with while a value is read. */
  static final String TOP = "host";

  private final YamlFile file;
  private final Map<String, YamlFile> agentFiles = new LinkedHashMap<>();
  private final List<String> found = new ArrayList<>();

  Problems(YamlFile file) {
    this.file = file;
  }

  /** The agent is written in a file of its own. */
  void isIn(YamlFile own, String agent) {
    agentFiles.put(agent, own);
  }

  /** @param key as in the host's file, such as {@code agents.wren.timer} */
  void at(String key, String words) {
    located(TOP + "." + key + ": " + words);
  }

  /** A problem that names its file already. */
  void told(List<String> problems) {
    found.addAll(problems);
  }

  /** Puts file and line before a problem that begins with its key. */
  void located(String problem) {
    String text = problem.startsWith(TOP + ".") ? problem.substring(TOP.length() + 1) : problem;
    String key = text.split("[ :]", 2)[0];
    found.add(placeOf(key) + ": " + text);
  }

  private String placeOf(String key) {
    return agentFiles.entrySet().stream()
        .filter(agent -> (key + ".").startsWith("agents." + agent.getKey() + "."))
        .findFirst()
        .map(agent -> agent.getValue().placeOf(
            key.substring(Math.min(key.length(), "agents..".length() + agent.getKey().length()))))
        .orElseGet(() -> file.placeOf(key));
  }

  int count() {
    return found.size();
  }

  boolean areNone() {
    return found.isEmpty();
  }

  SettingsException all() {
    return new SettingsException(found);
  }
}
