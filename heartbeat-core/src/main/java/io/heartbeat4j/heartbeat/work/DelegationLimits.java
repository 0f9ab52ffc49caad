package io.heartbeat4j.heartbeat.work;

import io.heartbeat4j.worker.DefaultValue;
import io.heartbeat4j.worker.Description;

/**
 * How many subtasks an agent makes of one issue by itself, counted over all its heartbeats. A result that asks for more
 * makes none of its subtasks until somebody accepts them on a card. 0 asks always.
 *
 * @param rounds results with subtasks one after another, with no other result and no person's word between them
 * @param subtasks in all, since somebody has accepted such a card
 * @param depth of issues above the issue that gets subtasks
 */
public record DelegationLimits(
    @DefaultValue("3") @Description("results with subtasks, one after another") int rounds,
    @DefaultValue("20") @Description("subtasks of one issue in all") int subtasks,
    @DefaultValue("5") @Description("issues above an issue that gets subtasks") int depth) {

  public static final DelegationLimits DEFAULT = new DelegationLimits(3, 20, 5);

  public DelegationLimits {
    if (rounds < 0 || subtasks < 0 || depth < 0) {
      throw new IllegalArgumentException("rounds, subtasks and depth count from 0 up");
    }
  }
}
