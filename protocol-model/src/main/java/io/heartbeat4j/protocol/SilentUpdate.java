package io.heartbeat4j.protocol;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A status without a comment, for an issue that this run holds and whose thread has the text already. Without it every
 * wake that brings nothing new would repeat the last comment. Only the planner of dispositions makes one (see the
 * architecture test of heartbeat-core).
 */
@API(status = API.Status.EXPERIMENTAL, since = "1.0")
public final class SilentUpdate implements IssuePatch {

  private final Map<String, @Nullable Object> fields;

  private SilentUpdate(Map<String, @Nullable Object> fields) {
    this.fields = Collections.unmodifiableMap(fields);
  }

  /** The same state and path as {@code update}, without its comment. */
  public static SilentUpdate of(IssuePatch update) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>(update.fields());
    fields.remove("comment");
    return new SilentUpdate(fields);
  }

  /**
   * Puts a held issue back to where it was, on the path that exists already; blockers that are done are taken off, as
   * by {@link IssueUpdate#blocked}.
   *
   * @throws IllegalArgumentException if the status is neither blocked nor in review
   */
  public static SilentUpdate restoring(IssueStatus status) {
    if (!status.equals(IssueStatus.BLOCKED) && !status.equals(IssueStatus.IN_REVIEW)) {
      throw new IllegalArgumentException("an issue rests blocked or in review, not " + status);
    }
    return new SilentUpdate(status.equals(IssueStatus.BLOCKED)
        ? Map.of("status", status, IssueUpdate.BLOCKERS, List.of())
        : Map.of("status", status));
  }

  @Override
  public SilentUpdate stayingInReview() {
    return new SilentUpdate(IssueUpdate.stayingInReview(fields));
  }

  @Override
  public SilentUpdate avoidingReview() {
    return new SilentUpdate(IssueUpdate.avoidingReview(fields));
  }

  @Override
  public Map<String, @Nullable Object> fields() {
    return fields;
  }

  @Override
  public String toString() {
    return "SilentUpdate" + fields;
  }
}
