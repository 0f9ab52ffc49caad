package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An agent of a company. */
final class AgentEntity {

  static final int DEFAULT_CONCURRENT_RUNS = 20;

  final String id;
  final String companyId;
  final String membershipId;
  final String grantId;
  final Instant createdAt;
  String name;
  String role = "general";
  @Nullable
  String title;
  @Nullable
  String capabilities;
  @Nullable
  String reportsTo;
  String status = "idle";
  String adapterType = "process";
  ObjectNode adapterConfig = JsonNodes.object();
  ObjectNode runtimeConfig = JsonNodes.object();
  final Map<String, String> instructions = new HashMap<>();
  long budgetMonthlyCents;
  long spentMonthlyCents;
  @Nullable
  String pauseReason;
  @Nullable
  Instant pausedAt;
  @Nullable
  String errorReason;
  @Nullable
  Instant lastHeartbeatAt;
  Instant updatedAt;

  AgentEntity(String id, String companyId, String name, IdGenerator idGenerator, Instant createdAt) {
    this.id = id;
    this.companyId = companyId;
    this.name = name;
    this.membershipId = idGenerator.next();
    this.grantId = idGenerator.next();
    this.createdAt = createdAt;
    this.updatedAt = createdAt;
  }

  /** The name in the form that locks and URLs use. */
  String urlKey() {
    return name.strip().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("(^-|-$)", "");
  }

  boolean isTerminated() {
    return status.equals("terminated");
  }

  boolean isInvokable() {
    return !status.equals("paused") && !isTerminated() && !status.equals("pending_approval");
  }

  boolean isPausedByBudget() {
    return status.equals("paused") && "budget".equals(pauseReason);
  }

  void pause(String reason, Instant now) {
    status = "paused";
    pauseReason = reason;
    pausedAt = now;
    updatedAt = now;
  }

  /** Sets the status and clears the pause. */
  void endPause(String nextStatus, Instant now) {
    status = nextStatus;
    pauseReason = null;
    pausedAt = null;
    updatedAt = now;
  }

  int maxConcurrentRuns() {
    return runtimeConfig.path("heartbeat").path("maxConcurrentRuns").asInt(DEFAULT_CONCURRENT_RUNS);
  }
}
