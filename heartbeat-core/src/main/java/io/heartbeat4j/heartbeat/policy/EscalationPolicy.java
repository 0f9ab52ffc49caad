package io.heartbeat4j.heartbeat.policy;

import com.google.inject.ImplementedBy;
import io.heartbeat4j.heartbeat.outcome.Disposition;
import io.heartbeat4j.heartbeat.outcome.WorkFailure;
import io.heartbeat4j.protocol.Agent;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.worker.UnblockCondition;
import java.util.List;
import java.util.Optional;

/** Who is asked when an agent is stuck (protocol: escalate when stuck, use your chain of command). */
@ImplementedBy(DefaultEscalationPolicy.class)
public interface EscalationPolicy {

  /** A technical failure: the worker's, or of what its result asked for. */
  Disposition onFailure(WorkFailure failure, Agent self, Issue issue);

  /**
   * Somebody has rejected a card that asked whether to go on ({@link Disposition.BlockedByCard#CONTINUE_TOPIC}): no
   * work is done.
   *
   * @param why the reason that was given
   */
  Disposition onContinuationRejected(Optional<String> why, Agent self, Issue issue);

  /**
   * A result asks for more subtasks than the agent makes by itself. They are made as they are when somebody accepts the
   * card.
   *
   * @param limit which limit it is over, in words
   * @param reason the result's own words
   * @param titles of the subtasks
   */
  Disposition.BlockedByCard onTooManySubtasks(String limit, String reason, List<String> titles, Agent self);

  /** The worker says that the manager has to act. */
  Disposition onManagerNeeded(String reason, UnblockCondition.ByManager request, Agent self, Issue issue);

  /** The manager was asked for the same before and closed that task: asking again would go round in circles. */
  Disposition onManagerTaskClosed(String comment, String title, String request);
}
