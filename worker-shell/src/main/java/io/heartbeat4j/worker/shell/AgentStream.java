package io.heartbeat4j.worker.shell;

import java.time.Instant;
import java.util.Optional;

/** Reads the event stream of an agent's command line program. For one thread, until the program has ended. */
interface AgentStream {

  /** Takes one event. */
  void on(JsonEvent event);

  /** What can be taken up again by a later run; its id is empty until the program has told it. */
  CliSession session();

  /** How the program itself says that it ended; empty where it did not come to that. */
  Optional<End> end();

  /**
   * The program's last word.
   *
   * @param until when its quota is there again, where it failed for want of it
   */
  record End(boolean failed, String text, Optional<Instant> until) {

    static End failed(String text) {
      return new End(true, text, Optional.empty());
    }

    static End ended(String text) {
      return new End(false, text, Optional.empty());
    }
  }
}
