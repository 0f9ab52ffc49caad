package io.heartbeat4j.heartbeat.wal;

import io.heartbeat4j.heartbeat.outcome.Disposition;
import io.heartbeat4j.heartbeat.outcome.WorkOutcome;
import io.heartbeat4j.worker.WorkResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Formats a log entry for operators: what the interrupted run did, and what happens next. Pure. */
public final class LogEntryFormatter {

  private LogEntryFormatter() {}

  /** A line for each fact, in the order in which they happened; the last one says what happens next. */
  public static List<String> format(LogEntry entry) {
    List<String> lines = new ArrayList<>();
    for (LogRecord record : entry.records()) {
      lines.add(record.at() + "  " + switch (record) {
        case LogRecord.CheckoutRequested checkoutRequested ->
          "run " + checkoutRequested.run() + " requested the checkout of " + checkoutRequested.label();
        case LogRecord.OutcomeDecided outcomeDecided -> "decided: " + describe(outcomeDecided.outcome());
        case LogRecord.Sending sending when sending.what().equals(LogEntry.WORK) -> "the worker was called";
        case LogRecord.Sending sending -> "about to send: " + describe(sending.what());
        case LogRecord.NotSent unsent -> "not sent after all: " + describe(unsent.what());
        case LogRecord.Confirmed confirmed -> "confirmed by the server: " + describe(confirmed.what());
      });
    }
    lines.add("next: " + describeNextStep(entry));
    return lines;
  }

  /** What the next heartbeat of the agent on this machine does about it, or {@code heartbeat journal settle}. */
  public static String describeNextStep(LogEntry entry) {
    if (entry.isConfirmed(LogEntry.STATUS)) {
      return "the issue is settled; what it cost is reported, if that is still to be done";
    }
    String state = entry.mayHaveSent(LogEntry.STATUS)
        ? "the status may have arrived: the thread is read, and the status is written only if it is not there"
        : "";
    if (entry.outcome().isPresent()) {
      return state.isEmpty() ? "what was decided is written to the issue; nothing is worked again" : state;
    }
    return entry.mayHaveSent(LogEntry.WORK)
        ? "the work was interrupted: the issue is blocked, with a card that asks whether to try again"
        : "the work had not started: the issue is worked, or blocked with a card that asks whether to try again";
  }

  private static String describe(WorkOutcome outcome) {
    return switch (outcome) {
      case WorkOutcome.Returned(WorkResult result, var usage) ->
        "the worker returned " + name(result) + (usage.isEmpty() ? "" : ", with costs to report");
      case WorkOutcome.Held(WorkResult result, var ask, var usage) ->
        "the worker returned " + name(result) + " with more subtasks than it may make: a card asks for them";
      case WorkOutcome.Failed(var failure, var usage) -> failure.kind().description() + " (" + failure.message() + ")";
      case WorkOutcome.Skipped(Disposition disposition) -> "without work, " + name(disposition);
    };
  }

  private static String name(Object record) {
    return record.getClass().getSimpleName().replaceAll("([a-z])([A-Z])", "$1 $2").toLowerCase(Locale.ROOT);
  }

  private static String describe(String what) {
    return switch (what) {
      case LogEntry.STATUS -> "the status, with its comment";
      case LogEntry.COMMENT -> "a comment";
      case "approval" -> "the request for the board's approval";
      default -> what.startsWith("cost:") ? "what it cost" : what;
    };
  }
}
