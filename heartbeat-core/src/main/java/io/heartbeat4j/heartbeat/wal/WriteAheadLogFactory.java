package io.heartbeat4j.heartbeat.wal;

import io.heartbeat4j.client.Scheduler;
import io.heartbeat4j.heartbeat.memory.AgentMemory;
import io.heartbeat4j.redaction.Redactor;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Opens the write-ahead logs of the agents of a process. Thread-safe. */
@Singleton
public final class WriteAheadLogFactory {

  private final LogRecordJson json;
  private final Clock clock;

  @Inject
  public WriteAheadLogFactory(Redactor redactor, Clock clock) {
    this.json = new LogRecordJson(redactor);
    this.clock = clock;
  }

  /**
   * The write-ahead log in the memory of one agent.
   *
   * @param scheduler where it is used
   */
  public WriteAheadLog forAgent(AgentMemory memory, Scheduler scheduler) {
    return new WriteAheadLog(memory, json, clock, scheduler);
  }
}
