package io.heartbeat4j.heartbeat.memory;

import io.heartbeat4j.protocol.ApprovalId;
import io.heartbeat4j.protocol.CommentId;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.protocol.RunId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The agent's own last disposition of an issue.
 *
 * @param approval the approval that the issue waits for, if it waits for one
 * @param closesWhenApproved whether that approval is all it waits for
 * @param until the time that the issue waits for, if it waits for one
 * @param comment the disposition's own comment: later comments of others are news
 */
public record LastDisposition(
    IssueId issue,
    IssueStatus status,
    WaitsFor waitsFor,
    @Nullable ApprovalId approval,
    boolean closesWhenApproved,
    @Nullable Instant until,
    @Nullable CommentId comment,
    RunId run,
    Instant at) {

  /** What the issue waits for. */
  public enum WaitsFor {
    NOTHING, ISSUES, ANSWER, APPROVAL, TIME, PERSON, ITSELF, BUDGET
  }
}
