package io.heartbeat4j.worker;

import java.time.Instant;
import java.util.List;
import org.apiguardian.api.API;

/**
 * How the work ended. Every result that is legal for a checked-out issue puts it into a status in which an agent, a
 * person or an event takes the next step; none leaves it in progress (protocol: always comment before exiting).
 *
 * <p>What each one sends, and whom the server wakes then, is contract section 12.
 */
@API(status = API.Status.STABLE, since = "1.0")
public sealed interface WorkResult {

  /** The subtasks to create before the status is written; empty where a result carries none. */
  List<Delegation> delegations();

  /**
   * The work is done; in a {@linkplain WorkContext#review() review}: the work is approved.
   *
   * @param summary the comment: what was done and why; not blank
   */
  record Done(String summary, List<Delegation> delegations) implements WorkResult {
    public Done {
      summary = TextValidator.requireNonBlank("a summary of what was done", summary);
      delegations = List.copyOf(delegations);
    }

    public Done(String summary) {
      this(summary, List.of());
    }
  }

  /**
   * A reviewer's verdict that the work needs changes: the issue returns to its worker. Legal only where {@link
   * WorkContext#review()} is present; approval is {@link Done}. The server ends the agent's run with that write.
   *
   * @param comment what has to be changed; not blank
   */
  record ChangesRequested(String comment) implements WorkResult {
    public ChangesRequested {
      comment = TextValidator.requireNonBlank("what has to be changed", comment);
    }

    @Override
    public List<Delegation> delegations() {
      return List.of();
    }
  }

  /**
   * The work is finished and waits for a review.
   *
   * @param summary the comment: what was done and what to look at; not blank
   */
  record NeedsReview(String summary, ReviewPath path, List<Delegation> delegations) implements WorkResult {
    public NeedsReview {
      summary = TextValidator.requireNonBlank("a summary of what is to be reviewed", summary);
      delegations = List.copyOf(delegations);
    }

    public NeedsReview(String summary, ReviewPath path) {
      this(summary, path, List.of());
    }
  }

  /**
   * The work can't go on.
   *
   * @param reason the comment: what is blocked, why, and who needs to unblock it; not blank
   */
  record Blocked(String reason, UnblockCondition unblock, List<Delegation> delegations) implements WorkResult {
    public Blocked {
      reason = TextValidator.requireNonBlank("a reason why the work is blocked", reason);
      delegations = List.copyOf(delegations);
      if (unblock instanceof UnblockCondition.BySubtasks && delegations.isEmpty()) {
        throw new IllegalArgumentException("blocked by subtasks, but there are no delegations");
      }
    }

    public Blocked(String reason, UnblockCondition unblock) {
      this(reason, unblock, List.of());
    }
  }

  /**
   * The work goes on at a later time: the server wakes the agent then.
   *
   * @param at when; a time in the past means as soon as possible
   * @param reason the comment: what is waited for; not blank
   */
  record Later(Instant at, String reason, List<Delegation> delegations) implements WorkResult {
    public Later {
      reason = TextValidator.requireNonBlank("a reason to come back later", reason);
      delegations = List.copyOf(delegations);
    }

    public Later(Instant at, String reason) {
      this(at, reason, List.of());
    }
  }

  /**
   * One comment on an issue of another assignee that mentioned this agent. Legal only where {@link
   * WorkContext#isReadOnly()}.
   */
  record Reply(String text) implements WorkResult {
    public Reply {
      text = TextValidator.requireNonBlank("a reply", text);
    }

    @Override
    public List<Delegation> delegations() {
      return List.of();
    }
  }

  /** Nothing to say to a mention. Legal only where {@link WorkContext#isReadOnly()}. */
  record Nothing() implements WorkResult {
    @Override
    public List<Delegation> delegations() {
      return List.of();
    }
  }
}
