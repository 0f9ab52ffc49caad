package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A heartbeat run. */
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
  /** Counted writes to other issues, including those that a later check refused. */
  int crossIssueWrites;
  /** The progress of an ended run, in the categories of the server. */
  @Nullable
  String livenessState;
  /** Whether the run made a comment, update, card, document, issue or approval. */
  boolean productive;
  final Set<String> touchedIssues = new LinkedHashSet<>();
  @Nullable
  RunExecution runExecution;
  /** Set by the first request to stop the run; completes when the run has ended. */
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

  /** The issue of the run, or null for an unscoped run. */
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
