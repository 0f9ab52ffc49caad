package io.heartbeat4j.host.config;

import io.heartbeat4j.plugin.SettingsReader;
import io.heartbeat4j.worker.SettingsException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects the problems of a host's files, each with file and line. */
final class ProblemCollector {

  /** The prefix of the keys in the problems of a {@link io.heartbeat4j.plugin.SettingsReader}. */
  static final String ROOT_KEY = "host";

  private final YamlFile file;
  private final Map<String, YamlFile> agentFiles = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();

  ProblemCollector(YamlFile file) {
    this.file = file;
  }

  /** Registers the own file of an agent, for the locations of its problems. */
  void registerAgentFile(YamlFile own, String agent) {
    agentFiles.put(agent, own);
  }

  /** @param key the path in the host's file, such as {@code agents.wren.timer} */
  void report(String key, String words) {
    reportKeyed(ROOT_KEY + "." + key + ": " + words);
  }

  /** Adds problems that already contain their file. */
  void addAll(List<String> problems) {
    this.problems.addAll(problems);
  }

  /** Adds a problem that begins with its key, and puts file and line before it. */
  void reportKeyed(String problem) {
    String text = problem.startsWith(ROOT_KEY + ".") ? problem.substring(ROOT_KEY.length() + 1) : problem;
    String key = text.split("[ :]", 2)[0];
    String located = locationOf(key) + ": " + text;
    if (!problems.contains(located)) { // as of a server that all agents have
      problems.add(located);
    }
  }

  /** Reads a section; null if it has problems, which are reported. */
  <T extends Record> @Nullable T bind(Class<T> type, SettingsReader values) {
    try {
      return values.bind(type);
    } catch (SettingsException wrong) {
      wrong.problems().forEach(this::reportKeyed);
      return null;
    }
  }

  void checkAtLeastOne(String key, int number) {
    if (number < 1) {
      report(key, number + " is too small: the minimum is 1");
    }
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
