package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One heartbeat run. */
final class RunEntity {

  final String id;
  final String companyId;
  final String agentId;
  final String source;
  final @Nullable String triggerDetail;
  final String wakeupRequestId;
  final Instant createdAt;
  final String adapterType;
  ObjectNode context;
  RunStatus status = RunStatus.QUEUED;
  @Nullable
  Instant startedAt;
  @Nullable
  Instant finishedAt;
  @Nullable
  Integer exitCode;
  @Nullable
  String signal;
  @Nullable
  String error;
  @Nullable
  String errorCode;
  @Nullable
  String stdout;
  @Nullable
  String stderr;
  @Nullable
  String retryOfRunId;
  String issueCommentStatus = "not_applicable";
  @Nullable
  String satisfiedByCommentId;
  Instant updatedAt;
  /** Writes to issues other than its own, refused ones included. */
  int crossIssueWrites;
  /** What the server thinks that it achieved, once it is over. */
  @Nullable
  String livenessState;
  /** Whether it did anything that a board sees. */
  boolean productive;
  final Set<String> touchedIssues = new LinkedHashSet<>();
  @Nullable
  RunExecution runExecution;
  /** Set while somebody waits for it to stop. */
  @Nullable
  Promise<Void> stopPromise;
  String cancelMessage = "";
  @Nullable
  String cancelCode;

  RunEntity(
      String id,
      AgentEntity agentEntity,
      String source,
      @Nullable String triggerDetail,
      String wakeupRequestId,
      ObjectNode context,
      Instant createdAt) {
    this.id = id;
    this.companyId = agentEntity.companyId;
    this.agentId = agentEntity.id;
    this.adapterType = agentEntity.adapterType;
    this.source = source;
    this.triggerDetail = triggerDetail;
    this.wakeupRequestId = wakeupRequestId;
    this.context = context;
    this.createdAt = createdAt;
    this.updatedAt = createdAt;
  }

  /** The issue that the run is about, or null for an unscoped run. */
  @Nullable
  String issueId() {
    String issueId = JsonNodes.text(context, "issueId");
    return issueId != null ? issueId : JsonNodes.text(context, "taskId");
  }

  @Nullable
  String wakeReason() {
    return JsonNodes.text(context, "wakeReason");
  }

  boolean isLive() {
    return status.isLive();
  }
}
