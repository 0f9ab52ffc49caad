package io.heartbeat4j.cli;

import java.util.Map;
import java.util.Objects;

/** A wake that the resident process runs for a launcher. */
final class ResidentRun {

  private static final int TERMINATED = 143; // of a process that SIGTERM has ended

  private final WakeRun wake;
  private final Map<String, String> variables;
  private final ResidentConnection connection;
  private volatile boolean terminated;
  private volatile boolean over;

  ResidentRun(WakeRun wake, Map<String, String> variables, ResidentConnection connection) {
    this.wake = wake;
    this.variables = variables;
    this.connection = connection;
  }

  /** Whether these are the variables of the same wake: its run's id with its token. */
  boolean isOf(Map<String, String> others) {
    return variables.containsKey("PAPERCLIP_API_KEY")
        && Objects.equals(variables.get("PAPERCLIP_RUN_ID"), others.get("PAPERCLIP_RUN_ID"))
        && Objects.equals(variables.get("PAPERCLIP_API_KEY"), others.get("PAPERCLIP_API_KEY"));
  }

  /** What SIGTERM does to a process of its own. */
  void terminate() {
    terminated = true;
    if (!wake.terminate()) {
      connection.end('=', String.valueOf(TERMINATED)); // the server does not answer before the launcher has exited
    }
  }

  void end(ExitCode code) {
    over = true;
    connection.end('=', String.valueOf(terminated ? TERMINATED : code.code()));
  }

  /** Settles the issue if the launcher ends before the run does. */
  void watchCaller() {
    Thread.ofVirtual().start(() -> {
      connection.awaitCallersEnd();
      if (!over) {
        terminate();
      }
    });
  }
}
