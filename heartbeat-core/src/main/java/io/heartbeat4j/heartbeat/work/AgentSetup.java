package io.heartbeat4j.heartbeat.work;

import io.heartbeat4j.heartbeat.memory.AgentMemory;
import io.heartbeat4j.worker.Budget;
import java.nio.file.Path;
import java.time.Clock;
import java.util.random.RandomGenerator;

/**
 * The worker, limits and stores of one agent.
 *
 * @param scratch where a run's scratch directories are made, when the server named none
 * @param budget what one heartbeat may use, in addition to what is left of the agent's monthly budget
 * @param gates shared by all agents of the process
 * @param usageDestination where the usage is reported
 * @param detachment lets the caller go before the work has ended
 */
public record AgentSetup(
    WorkerSource worker, WorkLimits limits, AgentMemory memory, Path scratch, Budget budget, ProviderGateRegistry gates,
    UsageDestination usageDestination, Detachment detachment) {

  /** An agent that has the process for itself and reports its usage to the server as cost events. */
  public AgentSetup(WorkerSource worker, WorkLimits limits, AgentMemory memory, Path scratch) {
    this(worker, limits, memory, scratch, Budget.UNLIMITED,
        new ProviderGateRegistry(Clock.systemUTC(), RandomGenerator.getDefault()), new UsageDestination.CostEvents(),
        new Detachment());
  }
}
