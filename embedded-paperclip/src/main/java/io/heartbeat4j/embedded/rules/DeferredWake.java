package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** A wake that waits for the end of the live run of its issue. */
final class DeferredWake {

  final String id;
  final String agentId;
  final String issueId;
  final WakeSpec spec;
  ObjectNode context;

  DeferredWake(String id, String agentId, String issueId, WakeSpec spec, ObjectNode context) {
    this.id = id;
    this.agentId = agentId;
    this.issueId = issueId;
    this.spec = spec;
    this.context = context;
  }

  @Nullable
  String reason() {
    return JsonNodes.text(context, "wakeReason");
  }
}
