package io.heartbeat4j.worker.shell;

/**
 * What is kept of a program's run for the next one on the issue: the session, and the tokens that were told of it so
 * far, since some programs count a session from its beginning.
 */
record CliAgentSession(String id, long input, long cached, long output) {

  static final CliAgentSession NONE = new CliAgentSession("", 0, 0, 0);

  CliAgentSession(String id) {
    this(id, 0, 0, 0);
  }

  /** From {@link #serialize}; nothing where it is not that. */
  static CliAgentSession parse(String written) {
    String[] parts = written.strip().split(" ", -1);
    if (parts.length == 4 && parts[1].matches("\\d{1,15}") && parts[2].matches("\\d{1,15}")
        && parts[3].matches("\\d{1,15}")) {
      return new CliAgentSession(parts[0], Long.parseLong(parts[1]), Long.parseLong(parts[2]),
          Long.parseLong(parts[3]));
    }
    return NONE;
  }

  String serialize() {
    return id + " " + input + " " + cached + " " + output;
  }
}
