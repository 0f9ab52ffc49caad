package io.heartbeat4j.heartbeat.memory;

/**
 * What the agent has made of an issue's subtasks.
 *
 * @param rounds results with subtasks, one after another
 * @param subtasks in all
 */
public record SubtaskCount(int rounds, int subtasks) {

  public static final SubtaskCount NONE = new SubtaskCount(0, 0);

  public SubtaskCount plus(int more) {
    return new SubtaskCount(rounds + 1, subtasks + more);
  }

  /** The next subtasks are a first round again. */
  public SubtaskCount withoutRounds() {
    return new SubtaskCount(0, subtasks);
  }
}
