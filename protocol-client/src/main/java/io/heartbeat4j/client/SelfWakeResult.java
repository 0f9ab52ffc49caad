package io.heartbeat4j.client;

import io.heartbeat4j.protocol.RunId;

/** What the server did about a self-wake: it answers 202 in both cases (contract sections 4 and 13). */
public sealed interface SelfWakeResult {

  /** There is a run: a new one, or the live one that the wake was joined to. */
  record Started(RunId run) implements SelfWakeResult {}

  /** There is none: a refusal. */
  record Skipped(String reason) implements SelfWakeResult {}
}
