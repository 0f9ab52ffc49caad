package io.heartbeat4j.host.config;

import io.heartbeat4j.worker.SettingsException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Everything that is wrong with a host's files, each with the file and the line where it is written. */
final class ProblemCollector {

  /** What the keys of a problem begin with while a value is read. */
  static final String ROOT_KEY = "host";

  private final YamlFile file;
  private final Map<String, YamlFile> agentFiles = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();

  ProblemCollector(YamlFile file) {
    this.file = file;
  }

  /** The agent is written in a file of its own. */
  void registerAgentFile(YamlFile own, String agent) {
    agentFiles.put(agent, own);
  }

  /** @param key as in the host's file, such as {@code agents.wren.timer} */
  void report(String key, String words) {
    reportKeyed(ROOT_KEY + "." + key + ": " + words);
  }

  /** A problem that names its file already. */
  void addAll(List<String> problems) {
    this.problems.addAll(problems);
  }

  /** Puts file and line before a problem that begins with its key. */
  void reportKeyed(String problem) {
    String text = problem.startsWith(ROOT_KEY + ".") ? problem.substring(ROOT_KEY.length() + 1) : problem;
    String key = text.split("[ :]", 2)[0];
    problems.add(locationOf(key) + ": " + text);
  }

  private String locationOf(String key) {
    return agentFiles.entrySet().stream()
        .filter(agent -> (key + ".").startsWith("agents." + agent.getKey() + "."))
        .findFirst()
        .map(agent -> agent.getValue().locationOf(
            key.substring(Math.min(key.length(), "agents..".length() + agent.getKey().length()))))
        .orElseGet(() -> file.locationOf(key));
  }

  int count() {
    return problems.size();
  }

  boolean isEmpty() {
    return problems.isEmpty();
  }

  SettingsException toException() {
    return new SettingsException(problems);
  }
}
