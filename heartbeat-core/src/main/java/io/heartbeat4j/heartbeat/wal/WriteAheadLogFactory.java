package io.heartbeat4j.heartbeat.wal;

import io.heartbeat4j.client.Scheduler;
import io.heartbeat4j.heartbeat.memory.AgentMemory;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.storage.GroupCommitLog;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;

/** Opens the write-ahead logs of the agents of a process. Thread-safe. */
@Singleton
public final class WriteAheadLogFactory {

  private final LogRecordJson json;
  private final Clock clock;
  private final Optional<GroupCommitLog> ledger;

  /** @param ledger keeps the live entries of the agents whose directories it covers; other entries are files */
  @Inject
  public WriteAheadLogFactory(Redactor redactor, Clock clock, Optional<GroupCommitLog> ledger) {
    this.json = new LogRecordJson(redactor);
    this.clock = clock;
    this.ledger = ledger;
  }

  /**
   * The write-ahead log in the state of one agent.
   *
   * @param scheduler where it is used
   */
  public WriteAheadLog forAgent(AgentMemory memory, Scheduler scheduler) {
    return new WriteAheadLog(memory, ledger.filter(all -> all.covers(memory.directory())), json, clock, scheduler);
  }
}
