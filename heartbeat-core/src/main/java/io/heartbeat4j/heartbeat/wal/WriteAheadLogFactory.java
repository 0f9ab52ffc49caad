package io.heartbeat4j.heartbeat.wal;

import io.heartbeat4j.client.Scheduler;
import io.heartbeat4j.heartbeat.memory.AgentMemory;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.storage.GroupCommitLog;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;

/** The journals of all agents of a process. Thread-safe. */
@Singleton
public final class WriteAheadLogFactory {

  private final LogRecordJson json;
  private final Clock clock;
  private final Optional<GroupCommitLog> ledger;

  /** @param ledger keeps what is in hand of the agents whose directories it covers; the others' entries are files at once */
  @Inject
  public WriteAheadLogFactory(Redactor redactor, Clock clock, Optional<GroupCommitLog> ledger) {
    this.json = new LogRecordJson(redactor);
    this.clock = clock;
    this.ledger = ledger;
  }

  /**
   * The journal that is kept with an agent's memory.
   *
   * @param scheduler where it is used
   */
  public WriteAheadLog forAgent(AgentMemory memory, Scheduler scheduler) {
    return new WriteAheadLog(memory, ledger.filter(all -> all.covers(memory.directory())), json, clock, scheduler);
  }
}
