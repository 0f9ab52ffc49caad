package io.heartbeat4j.protocol;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A status and its comment, in one request. {@code in_progress} checks nothing out: it gives reviewed work back, or
 * keeps a held issue until its monitor is due.
 */
@API(status = API.Status.EXPERIMENTAL, since = "1.0")
public final class IssueUpdate implements IssuePatch {

  static final String BLOCKERS = "blockedByIssueIds";

  private final Map<String, @Nullable Object> fields;

  private IssueUpdate(Map<String, @Nullable Object> fields) {
    this.fields = Collections.unmodifiableMap(fields);
  }

  public static IssueUpdate done(String comment) {
    return of(IssueStatus.DONE, comment);
  }

  /** Waits for a review; the server demands a path to one (contract section 7). */
  public static IssueUpdate inReview(String comment) {
    return of(IssueStatus.IN_REVIEW, comment);
  }

  /**
   * Waits for something; the server demands a blocker, a pending card or an unblock owner (contract section 7). Former
   * blockers are taken off: an issue that this run holds has none that is open, and a blocked issue whose blockers are
   * done makes the server wake the agent at once, again and again.
   */
  public static IssueUpdate blocked(String comment) {
    return of(IssueStatus.BLOCKED, comment).blockedBy(List.of());
  }

  /** A reviewer's no: the server gives the issue back to the one who works it, which ends the own run. */
  public static IssueUpdate changesRequested(String comment) {
    return of(IssueStatus.IN_PROGRESS, comment);
  }

  private static IssueUpdate of(IssueStatus status, String comment) {
    if (comment.isBlank()) {
      throw new IllegalArgumentException("a status is never written without a comment");
    }
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("status", status);
    fields.put("comment", comment);
    return new IssueUpdate(fields);
  }

  @Override
  public IssueUpdate stayingInReview() {
    return new IssueUpdate(stayingInReview(fields));
  }

  static Map<String, @Nullable Object> stayingInReview(Map<String, @Nullable Object> fields) {
    Map<String, @Nullable Object> next = new LinkedHashMap<>(fields);
    next.put("status", IssueStatus.IN_REVIEW);
    next.remove("unblockDescriptor");
    return next;
  }

  @Override
  public IssueUpdate avoidingReview() {
    return new IssueUpdate(avoidingReview(fields));
  }

  static Map<String, @Nullable Object> avoidingReview(Map<String, @Nullable Object> fields) {
    boolean monitored = fields.get("executionPolicy") instanceof Map<?, ?> policy && policy.containsKey("monitor");
    Map<String, @Nullable Object> next = new LinkedHashMap<>(fields);
    next.put("status", monitored ? IssueStatus.IN_PROGRESS : IssueStatus.BLOCKED);
    if (!monitored) {
      next.putIfAbsent(BLOCKERS, List.of());
    }
    return next;
  }

  /** Names what the issue waits for; replaces the former blockers. */
  public IssueUpdate blockedBy(List<IssueId> issues) {
    return with(BLOCKERS, List.copyOf(issues));
  }

  /** Names the agent itself as the one who acts next: it is woken at once (contract section 12). */
  public IssueUpdate unblockedBySelf(AgentId self, String action) {
    return with("unblockDescriptor", Map.of("owner", Map.of("agentId", self), "action", action));
  }

  /**
   * Asks to be woken at a time, by a monitor merged into the existing policy (contract section 12).
   *
   * @param policy the issue's policy as the server last answered it
   */
  public IssueUpdate monitoredAt(Instant nextCheckAt, String notes, @Nullable Map<String, Object> policy) {
    Map<String, Object> merged = policy == null ? new LinkedHashMap<>() : new LinkedHashMap<>(policy);
    merged.put("monitor", Map.of("nextCheckAt", nextCheckAt.toString(), "notes", notes));
    return with("executionPolicy", merged);
  }

  /** Hands the issue to a person: the server cancels the own run, so this is the last write (contract section 7). */
  public IssueUpdate assignedTo(UserId person) {
    Map<String, @Nullable Object> next = new LinkedHashMap<>(fields);
    next.put("assigneeAgentId", null);
    next.put("assigneeUserId", person);
    return new IssueUpdate(next);
  }

  private IssueUpdate with(String field, Object value) {
    Map<String, @Nullable Object> next = new LinkedHashMap<>(fields);
    next.put(field, value);
    return new IssueUpdate(next);
  }

  @Override
  public Map<String, @Nullable Object> fields() {
    return fields;
  }

  @Override
  public String toString() {
    return "IssueUpdate" + fields;
  }
}
