package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An agent of a company. */
final class Agent {

  static final int DEFAULT_CONCURRENT_RUNS = 20;

  final String id;
  final String companyId;
  final String membershipId;
  final String grantId;
  final Instant createdAt;
  String name;
  String role = "general";
  @Nullable String title;
  @Nullable String capabilities;
  @Nullable String reportsTo;
  String status = "idle";
  String adapterType = "process";
  ObjectNode adapterConfig = Json.object();
  ObjectNode runtimeConfig = Json.object();
  final Map<String, String> instructions = new HashMap<>();
  long budgetMonthlyCents;
  long spentMonthlyCents;
  @Nullable String pauseReason;
  @Nullable Instant pausedAt;
  @Nullable String errorReason;
  @Nullable Instant lastHeartbeatAt;
  Instant updatedAt;

  Agent(String id, String companyId, String name, Ids ids, Instant createdAt) {
    this.id = id;
    this.companyId = companyId;
    this.name = name;
    this.membershipId = ids.next();
    this.grantId = ids.next();
    this.createdAt = createdAt;
    this.updatedAt = createdAt;
  }

  /** The name as locks and URLs carry it. */
  String key() {
    return name.strip().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("(^-|-$)", "");
  }

  boolean terminated() {
    return status.equals("terminated");
  }

  boolean invokable() {
    return !status.equals("paused") && !terminated() && !status.equals("pending_approval");
  }

  boolean pausedByBudget() {
    return status.equals("paused") && "budget".equals(pauseReason);
  }

  int concurrentRuns() {
    return runtimeConfig.path("heartbeat").path("maxConcurrentRuns").asInt(DEFAULT_CONCURRENT_RUNS);
  }
}
