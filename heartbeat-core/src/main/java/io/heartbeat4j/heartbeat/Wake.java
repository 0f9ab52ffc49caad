package io.heartbeat4j.heartbeat;

import io.heartbeat4j.protocol.IssueId;

/**
 * What this heartbeat may do, which depends on whether the server bound its run to an issue (contract section 4). Read
 * once at the start and never again: the server rewrites it when later wakes join a live run.
 */
public sealed interface Wake {

  WakeFacts facts();

  /** The run is bound to an issue; it may work it, and up to a cap others too. */
  record Scoped(IssueId issue, WakeFacts facts) implements Wake {}

  /** The run is bound to none: this server refuses its comments and updates, so it asks for a run that is. */
  record Unscoped(WakeFacts facts) implements Wake {}

  /** The server has no scoped runs: any own issue may be worked. */
  record Free(WakeFacts facts) implements Wake {}
}
