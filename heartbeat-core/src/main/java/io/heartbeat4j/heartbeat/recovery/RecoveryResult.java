package io.heartbeat4j.heartbeat.recovery;

import io.heartbeat4j.protocol.RunId;

/** What became of something that an earlier run had left unfinished. */
public sealed interface RecoveryResult {

  /** The issue is settled, and the journal of it is gone. */
  record Settled(String how) implements RecoveryResult {}

  /** The server has started a run for it, which delivers it if it is woken on this machine. */
  record RunRequested(RunId run) implements RecoveryResult {}

  /** It stays in the journal. */
  record Pending(String why) implements RecoveryResult {}
}
