package io.heartbeat4j.worker.shell;

import java.util.Optional;

/** Reads the event stream of an agent's command line program. For one thread, until the program has ended. */
interface AgentStream {

  /** Takes one event. */
  void on(JsonEvent event);

  /** What can be taken up again by a later run; empty until the program has told it. */
  String session();

  /** How the program itself says that it ended; empty where it did not come to that. */
  Optional<End> end();

  /** The program's last word. */
  record End(boolean failed, String text) {}
}
