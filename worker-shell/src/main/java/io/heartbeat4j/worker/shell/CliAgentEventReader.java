package io.heartbeat4j.worker.shell;

import java.time.Instant;
import java.util.Optional;

/** Reads the event stream of an agent's command line program. For one thread, until the program has ended. */
interface CliAgentEventReader {

  /** Takes one event. */
  void accept(CliAgentEvent event);

  /** What can be taken up again by a later run; its id is empty until the program has told it. */
  CliAgentSession session();

  /** How the program itself says that it ended; empty where it did not come to that. */
  Optional<FinalMessage> finalMessage();

  /**
   * How the program says that it ended.
   *
   * @param quotaResetsAt where it failed since its provider's quota is used up
   */
  record FinalMessage(boolean failed, String text, Optional<Instant> quotaResetsAt) {

    static FinalMessage failed(String text) {
      return new FinalMessage(true, text, Optional.empty());
    }

    static FinalMessage ended(String text) {
      return new FinalMessage(false, text, Optional.empty());
    }
  }
}
