package io.heartbeat4j.heartbeat.outcome;

import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.protocol.RunId;
import java.util.List;

/** How a heartbeat ended. */
public sealed interface HeartbeatOutcome {

  /** One line for a person. */
  String summary();

  /** Every issue that was checked out has its one disposition. */
  record Settled(List<Settlement> settlements) implements HeartbeatOutcome {
    public Settled {
      settlements = List.copyOf(settlements);
    }

    public Settled(Settlement only) {
      this(List.of(only));
    }

    @Override
    public String summary() {
      return String.join(", ", settlements.stream().map(Settlement::summary).toList());
    }
  }

  /** There was nothing to do; no worker was called. */
  record Idle(String why) implements HeartbeatOutcome {
    @Override
    public String summary() {
      return "idle: " + why;
    }
  }

  /** The unscoped run requested a run that is scoped to the issue, and ended. */
  record RunRequested(IssueId issue, String label, RunId run) implements HeartbeatOutcome {
    @Override
    public String summary() {
      return "asked for a run of " + label;
    }
  }

  /** What became of one issue. */
  sealed interface Settlement {

    String summary();

    /** The server has confirmed status and comment. */
    record Disposed(IssueId issue, String label, IssueStatus status) implements Settlement {
      @Override
      public String summary() {
        return label + " is " + status;
      }
    }

    /** This run had written the issue's disposition before its process ended; nothing was written now. */
    record SettledBefore(IssueId issue, String label) implements Settlement {
      @Override
      public String summary() {
        return label + " was settled before by this run";
      }
    }

    /** The server gave the issue to somebody else, or deleted it, while it was worked. */
    record Lost(IssueId issue, String label, String why) implements Settlement {
      @Override
      public String summary() {
        return label + " was taken away: " + why;
      }
    }

    /** One comment was written on an issue that is not the agent's. */
    record Commented(IssueId issue, String label) implements Settlement {
      @Override
      public String summary() {
        return "a comment on " + label;
      }
    }

    /** A mention was read, and the worker had no reply. */
    record Acknowledged(IssueId issue, String label) implements Settlement {
      @Override
      public String summary() {
        return label + " was read";
      }
    }
  }
}
