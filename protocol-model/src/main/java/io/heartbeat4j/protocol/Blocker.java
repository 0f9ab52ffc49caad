package io.heartbeat4j.protocol;

import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/** An issue that this one waits for. */
@API(status = API.Status.EXPERIMENTAL, since = "1.0")
public record Blocker(
    IssueId id, @Nullable String identifier, @Nullable String title, @Nullable IssueStatus status) {

  /** Whether the wait is over. A cancelled blocker still blocks: somebody has to decide what that means. */
  public boolean isResolved() {
    return IssueStatus.DONE.equals(status);
  }
}
