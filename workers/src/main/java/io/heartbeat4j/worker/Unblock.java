package io.heartbeat4j.worker;

import io.heartbeat4j.protocol.IssueId;
import java.util.List;

/** What has to happen before blocked work goes on. The server refuses a blocked issue without one (contract section 7). */
public sealed interface Unblock {

  /** Other issues have to be done first; the agent is woken when all are. */
  record ByIssues(List<IssueId> issues) implements Unblock {
    public ByIssues {
      issues = List.copyOf(issues);
      if (issues.isEmpty()) {
        throw new IllegalArgumentException("blocked by issues, but none is named");
      }
    }
  }

  /** The subtasks of this same result have to be done first. */
  record BySubtasks() implements Unblock {}

  /** Somebody has to answer; the agent is woken by the answer. */
  record ByQuestion(Question question) implements Unblock {}

  /**
   * The manager has to do something: a task is made for the next in the chain of command. Without a manager, or
   * without the right to assign, the board is asked instead.
   */
  record ByManager(String title, String request) implements Unblock {
    public ByManager {
      title = Text.required("the title of the manager's task", title);
      request = Text.required("what the manager is asked to do", request);
    }
  }

  /** The agent itself acts next. The server wakes it at once, so only where the next heartbeat really can do more. */
  record BySelf(String action) implements Unblock {
    public BySelf {
      action = Text.required("the agent's own next action", action);
    }
  }
}
