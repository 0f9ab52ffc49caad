package io.heartbeat4j.heartbeat.work;

import io.heartbeat4j.heartbeat.memory.AgentMemory;
import io.heartbeat4j.worker.Budget;
import java.nio.file.Path;
import java.time.Clock;
import java.util.random.RandomGenerator;

/**
 * How one agent's work is done.
 *
 * @param scratch where a run's scratch directories are made, when the server named none
 * @param budget what one heartbeat may use, beside what the agent's month has left
 * @param gates shared by all agents of the process
 * @param usageDestination where the usage is reported
 */
public record AgentSetup(
    WorkerSource worker, WorkLimits limits, AgentMemory memory, Path scratch, Budget budget, ProviderGateRegistry gates,
    UsageDestination usageDestination) {

  /** An agent that has the process for itself, and tells its usage to the server. */
  public AgentSetup(WorkerSource worker, WorkLimits limits, AgentMemory memory, Path scratch) {
    this(worker, limits, memory, scratch, Budget.UNLIMITED,
        new ProviderGateRegistry(Clock.systemUTC(), RandomGenerator.getDefault()), new UsageDestination.CostEvents());
  }
}
