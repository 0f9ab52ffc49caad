package io.heartbeat4j.client;

import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.NewIssue;
import java.util.Locale;
import java.util.Optional;

/**
 * The answer to a create: 201 with a new issue, or 200 with one that exists (contract section 5).
 *
 * @param deduplicationReason {@code idempotency_key} or {@code recent_open_title}
 */
public record CreatedIssue(Issue issue, boolean deduplicated, Optional<String> deduplicationReason) {

  /** Whether the issue is what was asked for: a server can answer with somebody else's older issue of the same name. */
  public boolean isOurs(NewIssue asked) {
    return asked.parentId().equals(issue.parentId()) && same(asked.title(), issue.title());
  }

  private static boolean same(String asked, String answered) {
    return asked.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT)
        .equals(answered.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT));
  }
}
