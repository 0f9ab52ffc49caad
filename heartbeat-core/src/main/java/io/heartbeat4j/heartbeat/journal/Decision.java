package io.heartbeat4j.heartbeat.journal;

import io.heartbeat4j.heartbeat.Disposition;
import io.heartbeat4j.heartbeat.Worked;

/** What is to become of a held issue, decided before the first of its writes is sent. */
public sealed interface Decision {

  /** Whether subtasks are made of it before anything else is written: their keys are all that is noted of them. */
  default boolean createsFirst() {
    return this instanceof ByWork(Worked.Returned(var result, var usage)) && !result.delegations().isEmpty();
  }

  /** The worker has said it, or has failed. */
  record ByWork(Worked worked) implements Decision {}

  /** A policy has said it, without work. */
  record ByPolicy(Disposition disposition) implements Decision {}
}
