package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.heartbeat.Disposition;
import io.heartbeat4j.heartbeat.journal.Entry;

/** What is to be done with an issue that was just taken. */
public sealed interface Course {

  /** Step 7. */
  record Work() implements Course {}

  /** An earlier run has decided how to leave it, or was cut off in its work: that is written, and nothing is worked. */
  record Finish(Entry earlier) implements Course {}

  /** There is no work in this wake, for the reason given: the issue is left in this state. */
  record Settle(Disposition disposition, String why) implements Course {}
}
