package io.heartbeat4j.heartbeat.journal;

import io.heartbeat4j.heartbeat.Disposition;
import io.heartbeat4j.heartbeat.Worked;
import io.heartbeat4j.worker.WorkResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An entry in words, for the operator who wants to know what a crash has left and what happens next. Pure. */
public final class Explanation {


  private Explanation() {}

  /** A line for each fact, in the order in which they happened; the last one says what happens next. */
  public static List<String> of(Entry entry) {
    List<String> lines = new ArrayList<>();
    for (Line line : entry.lines()) {
      lines.add(line.at() + "  " + switch (line) {
        case Line.Taken taken -> "run " + taken.run() + " was about to take " + taken.label();
        case Line.Decided decided -> "decided: " + words(decided.decision());
        case Line.Sending sending when sending.what().equals(Entry.WORK) -> "the worker was called";
        case Line.Sending sending -> "about to send: " + words(sending.what());
        case Line.NotSent unsent -> "not sent after all: " + words(unsent.what());
        case Line.Confirmed confirmed -> "confirmed by the server: " + words(confirmed.what());
      });
    }
    lines.add("next: " + next(entry));
    return lines;
  }

  /** What the next heartbeat of the agent on this machine does about it, or {@code heartbeat journal settle}. */
  public static String next(Entry entry) {
    if (entry.isConfirmed(Entry.STATUS)) {
      return "the issue is settled; what it cost is reported, if that is still to be done";
    }
    String state = entry.mayHaveSent(Entry.STATUS)
        ? "nobody knows whether the status arrived: the thread is read, and it is written only if it is not there"
        : "";
    if (entry.decision().isPresent()) {
      return state.isEmpty() ? "what was decided is written to the issue; nothing is worked again" : state;
    }
    return entry.mayHaveSent(Entry.WORK)
        ? "the work was cut off: the issue is blocked, with a card that asks whether to try again"
        : "nothing had been begun: the issue is worked, or blocked with a card that asks whether to try again";
  }

  private static String words(Decision decision) {
    return switch (decision) {
      case Decision.ByWork(Worked.Returned(WorkResult result, var usage)) ->
          "the worker returned " + name(result) + (usage.isEmpty() ? "" : ", with costs to report");
      case Decision.ByWork(Worked.Failed(var failure, var usage)) -> failure.kind().words() + " (" + failure.message() + ")";
      case Decision.ByPolicy(Disposition disposition) -> "without work, " + name(disposition);
    };
  }

  private static String name(Object record) {
    return record.getClass().getSimpleName().replaceAll("([a-z])([A-Z])", "$1 $2").toLowerCase(Locale.ROOT);
  }

  private static String words(String what) {
    return switch (what) {
      case Entry.STATUS -> "the status, with its comment";
      case "comment" -> "a comment";
      case "approval" -> "the request for the board's approval";
      default -> what.startsWith("cost:") ? "what it cost" : what;
    };
  }
}
