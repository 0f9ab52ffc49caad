package io.heartbeat4j.heartbeat.journal;

import io.heartbeat4j.heartbeat.redact.Redactor;
import io.heartbeat4j.heartbeat.state.AgentMemory;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;

/** The journals of all agents of a process. Thread-safe. */
@Singleton
public final class Journals {

  private final JournalJson json;
  private final Clock clock;

  @Inject
  public Journals(Redactor redactor, Clock clock) {
    this.json = new JournalJson(redactor);
    this.clock = clock;
  }

  /** The journal that is kept with an agent's memory. */
  public Journal of(AgentMemory memory) {
    return new Journal(memory, json, clock);
  }
}
