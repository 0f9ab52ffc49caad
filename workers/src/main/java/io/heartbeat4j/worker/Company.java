package io.heartbeat4j.worker;

import io.heartbeat4j.protocol.CompanyId;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/** The agent that works and who is around it. Thread-safe; the runtime implements it. */
@API(status = API.Status.STABLE, since = "1.0")
public interface Company {

  CompanyId id();

  /** The agent that works. */
  AgentView self();

  /** The next in the chain of command. */
  Optional<AgentView> manager();

  /** The agents that report to this one. Asks the server at each call, and blocks until it answers. */
  List<AgentView> reports();

  /**
   * The instructions for the agent that its operator keeps on the server, and may change there. Asks the server at each
   * call, and blocks until it answers.
   */
  Optional<String> instructions();
}
