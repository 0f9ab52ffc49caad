package io.heartbeat4j.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import org.apiguardian.api.API;

/**
 * The status of an agent (contract section 5). An open set: a value that this version does not know is kept as it came.
 */
@API(status = API.Status.STABLE, since = "1.0")
public record AgentStatus(@JsonValue String wire) {

  public static final AgentStatus ACTIVE = new AgentStatus("active");
  public static final AgentStatus IDLE = new AgentStatus("idle");
  public static final AgentStatus RUNNING = new AgentStatus("running");
  public static final AgentStatus PAUSED = new AgentStatus("paused");
  public static final AgentStatus ERROR = new AgentStatus("error");
  public static final AgentStatus PENDING_APPROVAL = new AgentStatus("pending_approval");
  public static final AgentStatus TERMINATED = new AgentStatus("terminated");

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public AgentStatus {}

  /** Whether the server has stopped the agent: it can still read and comment, but must do no work. */
  public boolean isStopped() {
    return equals(PAUSED) || equals(TERMINATED) || equals(PENDING_APPROVAL);
  }

  @Override
  public String toString() {
    return wire;
  }
}
