package io.heartbeat4j.heartbeat;

import io.heartbeat4j.heartbeat.state.AgentMemory;
import java.nio.file.Path;

/**
 * How one agent's work is done.
 *
 * @param scratch where a run's scratch directories are made, when the server named none
 * @param bill where the usage is told
 */
public record AgentSetup(WorkerSource worker, WorkLimits limits, AgentMemory memory, Path scratch, Bill bill) {

  /** Tells the usage to the server. */
  public AgentSetup(WorkerSource worker, WorkLimits limits, AgentMemory memory, Path scratch) {
    this(worker, limits, memory, scratch, new Bill.CostEvents());
  }
}
