package io.heartbeat4j.heartbeat;

import io.heartbeat4j.protocol.RunId;

/** What became of something that an earlier run had left unfinished. */
public sealed interface Delivery {

  /** The issue is settled, and the journal of it is gone. */
  record Settled(String how) implements Delivery {}

  /** The server has started a run for it, which delivers it if it is woken on this machine. */
  record Summoned(RunId run) implements Delivery {}

  /** It stays in the journal. */
  record Left(String why) implements Delivery {}
}
