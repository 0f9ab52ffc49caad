package io.heartbeat4j.heartbeat.outcome;

/**
 * Work that ended without a usable result.
 *
 * @param message in words for the manager: no stack trace, no secret
 */
public record WorkFailure(Kind kind, String message) {

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
    /** The heartbeat was asked to stop. */
    CANCELLED("the work was cut short"),
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
  }
}
