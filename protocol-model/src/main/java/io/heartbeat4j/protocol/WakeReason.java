package io.heartbeat4j.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import org.apiguardian.api.API;

/**
 * Why the server woke the agent (contract section 3). An open set: a value that this version does not know is kept as
 * it came.
 */
@API(status = API.Status.STABLE, since = "1.0")
public record WakeReason(@JsonValue String wire) {

  public static final WakeReason ASSIGNED = new WakeReason("issue_assigned");
  public static final WakeReason COMMENTED = new WakeReason("issue_commented");
  public static final WakeReason MENTIONED = new WakeReason("issue_comment_mentioned");
  public static final WakeReason REOPENED_BY_COMMENT = new WakeReason("issue_reopened_via_comment");
  public static final WakeReason BLOCKERS_RESOLVED = new WakeReason("issue_blockers_resolved");
  public static final WakeReason CHILDREN_COMPLETED = new WakeReason("issue_children_completed");
  public static final WakeReason UNBLOCK_REQUESTED = new WakeReason("issue_unblock_requested");
  public static final WakeReason MONITOR_DUE = new WakeReason("issue_monitor_due");
  public static final WakeReason REVIEW_PATH_LOST = new WakeReason("issue_review_path_lost");
  public static final WakeReason APPROVAL_APPROVED = new WakeReason("approval_approved");
  public static final WakeReason APPROVAL_REJECTED = new WakeReason("approval_rejected");
  public static final WakeReason HANDOFF = new WakeReason("finish_successful_run_handoff");
  public static final WakeReason MISSING_COMMENT = new WakeReason("missing_issue_comment");
  public static final WakeReason DISPOSITION_REPAIR = new WakeReason("issue_disposition_repair");
  public static final WakeReason STATUS_CHANGED = new WakeReason("issue_status_changed");
  public static final WakeReason TREE_RESUMED = new WakeReason("issue_tree_resumed");
  public static final WakeReason REVIEW_REQUESTED = new WakeReason("execution_review_requested");
  public static final WakeReason VERDICT_REQUESTED = new WakeReason("execution_approval_requested");
  public static final WakeReason CHANGES_REQUESTED = new WakeReason("execution_changes_requested");
  public static final WakeReason TIMER = new WakeReason("heartbeat_timer");

  public static final WakeReason RECOVERY_RESTORED = new WakeReason("issue_recovery_action_restored");

  /** Whether the server only asks for the status that an earlier run left out: there is no work in such a wake. */
  public boolean isCorrective() {
    return equals(HANDOFF) || equals(MISSING_COMMENT) || equals(DISPOSITION_REPAIR) || equals(REVIEW_PATH_LOST);
  }

  /** Whether somebody has done something to the issue that is not a comment. */
  public boolean isExternalAct() {
    return equals(ASSIGNED) || equals(REOPENED_BY_COMMENT) || equals(STATUS_CHANGED) || equals(TREE_RESUMED)
        || equals(RECOVERY_RESTORED) || asksForVerdict() || equals(CHANGES_REQUESTED);
  }

  /** Whether a stage of review is the agent's turn. */
  public boolean asksForVerdict() {
    return equals(REVIEW_REQUESTED) || equals(VERDICT_REQUESTED);
  }

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public WakeReason {}

  @Override
  public String toString() {
    return wire;
  }
}
