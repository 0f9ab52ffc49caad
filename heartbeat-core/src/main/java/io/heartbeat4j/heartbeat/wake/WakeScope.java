package io.heartbeat4j.heartbeat.wake;

import io.heartbeat4j.protocol.IssueId;
import java.util.Optional;

/**
 * What this heartbeat may do, which depends on whether the server bound its run to an issue (contract section 4). Read
 * once at the start and never again: the server rewrites it when later wakes join a live run.
 */
public sealed interface WakeScope {

  WakeFacts facts();

  /** The issue that the wake is about, where this run may work it. */
  default Optional<IssueId> namedIssue() {
    return switch (this) {
      case Scoped scoped -> scoped.facts().task().or(() -> Optional.of(scoped.issue()));
      case Unrestricted free -> free.facts().task();
      case Unscoped unscoped -> Optional.empty();
    };
  }

  /** The issue that the server has checked out for the run: it has to be settled, whatever else is true. */
  default Optional<IssueId> heldIssue() {
    return namedIssue().filter(issue -> facts().isCheckedOutByServer());
  }

  /** The run is bound to an issue; it may work it, and up to a cap others too. */
  record Scoped(IssueId issue, WakeFacts facts) implements WakeScope {}

  /** The run is bound to none: this server refuses its comments and updates, so it asks for a run that is. */
  record Unscoped(WakeFacts facts) implements WakeScope {}

  /** The server has no scoped runs: any own issue may be worked. */
  record Unrestricted(WakeFacts facts) implements WakeScope {}
}
