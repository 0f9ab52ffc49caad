package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.heartbeat.outcome.Disposition;
import io.heartbeat4j.protocol.Interaction;
import io.heartbeat4j.protocol.InteractionStatus;
import io.heartbeat4j.protocol.IssueId;

/**
 * The idempotency key of a card that an issue is blocked by. Its topic finds a pending card of the same kind again, and
 * tells later what an answer was about.
 */
final class InteractionKey {

  private static final String OURS = "heartbeat4j:";

  private InteractionKey() {}

  /** What the keys of the issue's cards of this topic start with; the run makes them unique. */
  static String prefix(IssueId issue, String topic) {
    return OURS + issue + ":" + topic + ":";
  }

  /** Whether the card is of this topic. */
  static boolean isAbout(Interaction card, String topic) {
    return card.idempotencyKey() != null && card.idempotencyKey().startsWith(OURS + card.issueId() + ":" + topic);
  }

  /** Whether the card asked if the work should go on, and somebody said no. */
  static boolean isContinuationRejected(Interaction card) {
    return card.status().equals(InteractionStatus.REJECTED)
        && isAbout(card, Disposition.BlockedByCard.CONTINUE_TOPIC);
  }
}
