package io.heartbeat4j.worker;

import java.util.List;
import org.apiguardian.api.API;

/**
 * Settings that can't be used: every problem at once, each one line that says what to change. Thrown by {@link
 * WorkerFactory#create}, it is an error at start. Thrown out of {@link Worker#perform}, where the settings turn out
 * wrong only in use (a provider refuses the key), the issue becomes blocked and its comment asks for the operator.
 */
@API(status = API.Status.STABLE, since = "1.0")
public final class SettingsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  public SettingsException(List<String> problems) {
    super(String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  public SettingsException(String problem) {
    this(List.of(problem));
  }

  public List<String> problems() {
    return problems;
  }
}
