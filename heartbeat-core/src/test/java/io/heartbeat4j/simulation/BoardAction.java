package io.heartbeat4j.simulation;

import java.util.List;

/** What the people of a company do while its agents work. */
enum BoardAction {
  COMMENT, ANSWER, REASSIGN, MENTION, INVOKE, CREATE, PRIORITIZE, CREATE_REVIEWED, REJECT, ASK_REVISION, RESOLVE, PAUSE, RESUME, HOLD, RELEASE, DESCRIBE, SET_BUDGET, REPLACE_KEY;

  /** How often each of them is done; new ones are added at the end. */
  private static final List<BoardAction> WEIGHTED = List.of(
      COMMENT, COMMENT, ANSWER, ANSWER, ANSWER, REASSIGN, MENTION, INVOKE, CREATE, PRIORITIZE,
      CREATE_REVIEWED, REJECT, ASK_REVISION, RESOLVE, RESOLVE, PAUSE, RESUME, HOLD, RELEASE, DESCRIBE, SET_BUDGET,
      REPLACE_KEY);

  static List<BoardAction> all() {
    return WEIGHTED;
  }

  /** Those of the first version, with which the seeds that failed then bring about what they did. */
  static List<BoardAction> ofFirstVersion() {
    return WEIGHTED.subList(0, 10);
  }
}
