package io.heartbeat4j.worker;

import io.heartbeat4j.protocol.IssueId;
import java.util.List;
import org.apiguardian.api.API;

/**
 * What has to happen before blocked work goes on. The server refuses a blocked issue without one (contract section 7).
 */
@API(status = API.Status.STABLE, since = "1.0")
public sealed interface UnblockCondition {

  /** Other issues have to be done first; the agent is woken when all are. */
  record ByIssues(List<IssueId> issues) implements UnblockCondition {
    public ByIssues {
      issues = List.copyOf(issues);
      if (issues.isEmpty()) {
        throw new IllegalArgumentException("blocked by issues, but none is named");
      }
    }
  }

  /** The subtasks of this same result have to be done first. */
  record BySubtasks() implements UnblockCondition {}

  /** A person has to answer a card; the answer wakes the agent. */
  record ByQuestion(Question question) implements UnblockCondition {}

  /**
   * The manager has to do something: a task is made for the next in the chain of command. Without a manager, or
   * without the right to assign, the board is asked instead.
   */
  record ByManager(String title, String request) implements UnblockCondition {
    public ByManager {
      title = TextValidator.requireNonBlank("the title of the manager's task", title);
      request = TextValidator.requireNonBlank("what the manager is asked to do", request);
    }
  }

  /** The agent itself acts next. The server wakes it at once, so only where the next heartbeat really can do more. */
  record BySelf(String action) implements UnblockCondition {
    public BySelf {
      action = TextValidator.requireNonBlank("the agent's own next action", action);
    }
  }
}
