package io.heartbeat4j.heartbeat.journal;

import io.heartbeat4j.client.Loop;
import io.heartbeat4j.heartbeat.redact.Redactor;
import io.heartbeat4j.heartbeat.state.AgentMemory;
import io.heartbeat4j.heartbeat.state.Ledger;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;

/** The journals of all agents of a process. Thread-safe. */
@Singleton
public final class Journals {

  private final JournalJson json;
  private final Clock clock;
  private final Optional<Ledger> ledger;

  /** @param ledger keeps what is in hand of the agents whose directories it covers; the others' entries are files at once */
  @Inject
  public Journals(Redactor redactor, Clock clock, Optional<Ledger> ledger) {
    this.json = new JournalJson(redactor);
    this.clock = clock;
    this.ledger = ledger;
  }

  /**
   * The journal that is kept with an agent's memory.
   *
   * @param loop where it is used
   */
  public Journal of(AgentMemory memory, Loop loop) {
    return new Journal(memory, ledger.filter(all -> all.covers(memory.directory())), json, clock, loop);
  }
}
