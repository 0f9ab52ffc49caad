package io.heartbeat4j.worker.agent.command;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The variables that a program sees: an allow-list, and never a key of Paperclip's or the model's. */
public final class ProcessEnvironment {

  private static final List<String> INHERITED = List.of(
      "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "TERM", "JAVA_HOME");

  private final Map<String, String> host;
  private final Map<String, String> variables;

  private ProcessEnvironment(Map<String, String> host, Map<String, String> variables) {
    this.host = host;
    this.variables = Map.copyOf(variables);
  }

  /**
   * Chooses from the host's variables.
   *
   * @param host kept, and not changed by anybody: it is the same for all workers
   * @param secrets values that no program is given, whatever their variable is called
   */
  public static ProcessEnvironment of(
      Map<String, String> host, List<String> inherit, Map<String, String> more, Set<String> secrets) {
    Map<String, String> chosen = new HashMap<>();
    for (List<String> names : List.of(INHERITED, inherit)) {
      for (String name : names) {
        String value = host.get(name);
        if (value != null) {
          chosen.put(name, value);
        }
      }
    }
    chosen.putAll(more);
    chosen.keySet().removeIf(name -> name.startsWith("PAPERCLIP_"));
    chosen.values().removeIf(value -> secrets.stream().anyMatch(value::contains));
    return new ProcessEnvironment(host, chosen);
  }

  /** What the program sees. */
  public Map<String, String> variables() {
    return variables;
  }

  /** The names of the host's variables that a program must not see. */
  public Set<String> withheldNames() {
    Set<String> withheld = new TreeSet<>(host.keySet());
    withheld.removeAll(variables.keySet());
    return withheld;
  }
}
