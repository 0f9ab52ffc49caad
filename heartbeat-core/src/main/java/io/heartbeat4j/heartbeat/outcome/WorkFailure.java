package io.heartbeat4j.heartbeat.outcome;

/**
 * Work that ended without a usable result.
 *
 * @param message in words for the manager: no stack trace, no secret
 */
public record WorkFailure(Kind kind, String message) {

  /**
   * The run's process was told to end. Before it has ended, the server's record of the run does not say whether the
   * board has cancelled it or paused the issue.
   */
  public static WorkFailure terminated() {
    return new WorkFailure(Kind.CANCELLED, "The run's process was told to end (SIGTERM) before the work was finished:"
        + " the board may have cancelled the run or paused the issue, or the server was shut down.");
  }

  /** What went wrong. */
  public enum Kind {
    /** There is no worker: the configuration or the plugin is wrong. */
    NO_WORKER("the agent is not set up"),
    /** The worker threw. */
    THREW("the work failed"),
    /** Of older log entries: {@link #TIME_LIMIT} or {@link #SILENT}. */
    HUNG("the work was stopped"),
    /** The worker took too long. */
    TIME_LIMIT("the time limit was reached"),
    /** The worker gave no sign of life for too long. */
    SILENT("the work gave no sign of life"),
    /** The heartbeat was asked to stop, and the server has not said why. */
    CANCELLED("the work was cut short"),
    /** The board has cancelled the run. */
    BOARD_CANCELLED("the board has cancelled the run"),
    /** The board has paused the issue, one above it, or the agent. */
    PAUSED("the board has paused this work"),
    /** The issue was given to somebody else. */
    REASSIGNED("the issue was given to somebody else"),
    /** The budget was used up, and the server has stopped the run. */
    BUDGET_STOPPED("the budget was used up during the work"),
    /** The server was shut down, and has ended the run. */
    SERVER_SHUTDOWN("the server was shut down during the work"),
    /** The host is shutting down. */
    HOST_SHUTDOWN("the host is shutting down"),
    /** The host has no place for the run now. */
    HOST_BUSY("the host could not take this on"),
    /** Another host may have the run. */
    LEASE_LOST("the host has lost its lease on the run"),
    /** The worker returned something that is not allowed here. */
    WRONG_RESULT("the work gave no usable result"),
    /** The month's budget is spent: the worker is not called. */
    OVER_BUDGET("the month's budget is spent"),
    /** The agent is woken again and again, and nothing is new. */
    NOTHING_NEW("the agent goes round in circles"),
    /** The process that did the work ended before the work did. */
    CUT_OFF("the work was cut off"),
    /** The server refused what the result asked for. */
    REFUSED("the result could not be recorded as it was meant");

    private final String description;

    Kind(String words) {
      this.description = words;
    }

    public String description() {
      return description;
    }

    /** Whether somebody stopped the work from outside, so that nothing is wrong with it. */
    public boolean isStop() {
      return switch (this) {
        case CANCELLED, BOARD_CANCELLED, PAUSED, REASSIGNED, BUDGET_STOPPED, SERVER_SHUTDOWN, HOST_SHUTDOWN, HOST_BUSY,
            LEASE_LOST ->
          true;
        case NO_WORKER, THREW, HUNG, TIME_LIMIT, SILENT, WRONG_RESULT, OVER_BUDGET, NOTHING_NEW, CUT_OFF, REFUSED ->
          false;
      };
    }
  }
}
