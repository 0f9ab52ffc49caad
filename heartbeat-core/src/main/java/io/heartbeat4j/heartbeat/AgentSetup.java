package io.heartbeat4j.heartbeat;

import io.heartbeat4j.heartbeat.state.AgentMemory;
import java.nio.file.Path;

/**
 * How one agent's work is done.
 *
 * @param scratch where a run's scratch directories are made, when the server named none
 */
public record AgentSetup(WorkerSource worker, WorkLimits limits, AgentMemory memory, Path scratch) {}
