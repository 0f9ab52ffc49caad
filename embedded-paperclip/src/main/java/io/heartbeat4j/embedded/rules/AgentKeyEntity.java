package io.heartbeat4j.embedded.rules;

import java.time.Instant;

/** A long-lived key of an agent. */
final class AgentKeyEntity {

  final String id;
  final String agentId;
  final String name;
  final String token;
  final Instant createdAt;
  boolean revoked;

  AgentKeyEntity(String id, String agentId, String name, String token, Instant createdAt) {
    this.id = id;
    this.agentId = agentId;
    this.name = name;
    this.token = token;
    this.createdAt = createdAt;
  }
}
