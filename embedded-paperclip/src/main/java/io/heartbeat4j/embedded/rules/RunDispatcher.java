package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Starts queued runs: takes the execution lock, checks the issue out for the run and calls the adapter. */
final class RunDispatcher {

  private final ServerState server;
  private final RunAdapter runAdapter;
  private final RunTokenService tokens;
  private final RunContextSnapshotBuilder snapshotBuilder;
  private final RunEnvironmentBuilder runEnvironmentBuilder;
  private @Nullable RunFinisher runFinisher;

  RunDispatcher(ServerState server, RunAdapter runAdapter, RunTokenService tokens) {
    this.server = server;
    this.runAdapter = runAdapter;
    this.tokens = tokens;
    this.snapshotBuilder = new RunContextSnapshotBuilder(server);
    this.runEnvironmentBuilder = new RunEnvironmentBuilder(server);
  }

  /** Set after construction, because the finisher needs this dispatcher to start the next runs. */
  void setRunFinisher(RunFinisher runFinisher) {
    this.runFinisher = runFinisher;
  }

  /** Creates a queued run and schedules its start. */
  RunEntity queue(String runId, AgentEntity agentEntity, WakeSpec spec, String wakeupRequestId, ObjectNode context) {
    RunEntity runEntity = new RunEntity(runId, agentEntity, spec.source(), spec.triggerDetail(), wakeupRequestId,
        context,
        server.now());
    server.runs.put(runId, runEntity);
    scheduleStart(runEntity);
    return runEntity;
  }

  private void scheduleStart(RunEntity runEntity) {
    server.schedule(Duration.ZERO, () -> startNext(server.agent(runEntity.agentId)));
  }

  void startNext(AgentEntity agentEntity) {
    long running = server
        .liveRuns(runEntity -> runEntity.agentId.equals(agentEntity.id) && runEntity.status == RunStatus.RUNNING)
        .count();
    for (RunEntity runEntity : server
        .liveRuns(runEntity -> runEntity.agentId.equals(agentEntity.id) && runEntity.status == RunStatus.QUEUED)
        .toList()) {
      if (running >= agentEntity.maxConcurrentRuns()) {
        return;
      }
      if (runEntity.status == RunStatus.QUEUED && startIfAllowed(runEntity, agentEntity)) {
        running++;
      }
    }
  }

  /** Cancels a run that has not started. */
  void cancelQueued(RunEntity runEntity, String why, String code) {
    runEntity.status = RunStatus.CANCELLED;
    runEntity.finishedAt = server.now();
    runEntity.updatedAt = runEntity.finishedAt;
    runEntity.error = why;
    runEntity.errorCode = code;
    for (IssueEntity issueEntity : server.issues.values()) {
      if (runEntity.id.equals(issueEntity.executionRunId) && issueEntity.checkoutRunId == null) {
        issueEntity.unlock();
      }
    }
  }

  private boolean startIfAllowed(RunEntity runEntity, AgentEntity agentEntity) {
    Optional<IssueEntity> issue = Optional.ofNullable(runEntity.issueId()).map(server::findIssue);
    if (!agentEntity.isInvokable()) {
      cancelQueued(runEntity, "Cancelled because the agent is not invokable", "agent_not_invokable");
      return false;
    }
    if (issue.isPresent() && cancelIfStale(runEntity, issue.get())) {
      return false;
    }
    runEntity.status = RunStatus.RUNNING;
    runEntity.startedAt = server.now();
    runEntity.updatedAt = runEntity.startedAt;
    agentEntity.status = "running";
    agentEntity.updatedAt = runEntity.startedAt;
    issue.ifPresent(each -> lockIssue(runEntity, agentEntity, each));
    snapshotBuilder.complete(runEntity, agentEntity, issue);
    startExecution(runEntity, agentEntity);
    return true;
  }

  private boolean cancelIfStale(RunEntity runEntity, IssueEntity issueEntity) {
    if (server.activeHoldOn(issueEntity).isPresent()
        && !runEntity.context.path("treeHoldInteraction").asBoolean(false)) {
      cancelQueued(runEntity, "Cancelled because the issue is held by an active subtree pause hold", "issue_paused");
      return true;
    }
    String reason = runEntity.wakeReason();
    boolean comment = reason != null && WakeSpec.COMMENT_REASONS.contains(reason);
    if (!issueEntity.isAssignedTo(runEntity.agentId) && !comment) {
      cancelQueued(
          runEntity,
          "Cancelled because issue assignee changed before the queued run could start; the new owner will be woken instead",
          "issue_assignee_changed");
      return true;
    }
    boolean resumes = runEntity.context.path("resumeIntent").asBoolean(false)
        || JsonNodes.text(runEntity.context, "wakeCommentId") != null;
    if (issueEntity.status().isClosed() && !resumes) {
      cancelQueued(
          runEntity,
          "Cancelled because issue reached terminal status (" + issueEntity.status().wireName()
              + ") before the queued run could start",
          "issue_terminal_status");
      return true;
    }
    return false;
  }

  private void lockIssue(RunEntity runEntity, AgentEntity agentEntity, IssueEntity issueEntity) {
    if (!issueEntity.isAssignedTo(agentEntity.id)) {
      return;
    }
    if (issueEntity.executionRunId == null || !server.isLiveRun(issueEntity.executionRunId)
        || runEntity.id.equals(issueEntity.executionRunId)) {
      issueEntity.executionRunId = runEntity.id;
      issueEntity.executionAgentNameKey = agentEntity.urlKey();
      issueEntity.executionLockedAt = runEntity.startedAt;
    }
    if (shouldCheckOut(runEntity, issueEntity)) {
      checkOutForRun(runEntity, issueEntity);
    }
  }

  private boolean shouldCheckOut(RunEntity runEntity, IssueEntity issueEntity) {
    String reason = runEntity.wakeReason();
    if (reason == null || !server.unresolvedBlockers(issueEntity).isEmpty()) {
      return false;
    }
    boolean resolvedInteraction = JsonNodes.text(runEntity.context, "interactionId") != null
        && JsonNodes.text(runEntity.context, "interactionStatus") != null;
    return switch (issueEntity.status()) {
      case BACKLOG, TODO, BLOCKED, IN_PROGRESS ->
        !reason.equals("issue_comment_mentioned") && !reason.startsWith("execution_");
      case IN_REVIEW -> resolvedInteraction;
      case DONE, CANCELLED -> false;
    };
  }

  private void checkOutForRun(RunEntity runEntity, IssueEntity issueEntity) {
    boolean lockedByOther = (server.isLiveRun(issueEntity.checkoutRunId)
        && !runEntity.id.equals(issueEntity.checkoutRunId))
        || (server.isLiveRun(issueEntity.executionRunId) && !runEntity.id.equals(issueEntity.executionRunId));
    runEntity.context.put("paperclipHarnessCheckedOut", !lockedByOther);
    if (lockedByOther) {
      return;
    }
    if (issueEntity.status() != IssueStatus.IN_PROGRESS) {
      var lockedAt = issueEntity.executionLockedAt;
      var nameKey = issueEntity.executionAgentNameKey;
      issueEntity.checkOut(server.now());
      issueEntity.executionLockedAt = lockedAt;
      issueEntity.executionAgentNameKey = nameKey;
    }
    issueEntity.lock(runEntity.id, server.now());
    runEntity.touchedIssues.add(issueEntity.id);
  }

  private void startExecution(RunEntity runEntity, AgentEntity agentEntity) {
    String token = tokens.issue(runEntity);
    RunStartRequest startRequest = new RunStartRequest(
        runEntity.id,
        agentEntity.id,
        agentEntity.name,
        agentEntity.companyId,
        agentEntity.adapterType,
        agentEntity.adapterConfig.deepCopy(),
        runEntity.context.deepCopy(),
        token,
        runEnvironmentBuilder.build(runEntity, agentEntity, token));
    RunExecution runExecution = runAdapter.start(startRequest);
    runEntity.runExecution = runExecution;
    runExecution
        .result()
        .onComplete(
            result -> {
              RunExecutionResult runExecutionResult = result.succeeded() ? result.result()
                  : RunExecutionResult.failed(String.valueOf(result.cause()));
              if (runFinisher != null) {
                runFinisher.onExecutionEnded(runEntity, runExecutionResult);
              }
            });
  }
}
