package io.heartbeat4j.embedded.rules;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Ends runs, releases their locks and starts deferred wakes. */
final class RunFinisher {

  private final ServerState server;
  private final RunDispatcher runDispatcher;
  private final IssueRecoveryRules recoveryRules;

  RunFinisher(ServerState server, RunDispatcher runDispatcher, IssueRecoveryRules recoveryRules) {
    this.server = server;
    this.runDispatcher = runDispatcher;
    this.recoveryRules = recoveryRules;
  }

  /** Called with the result of the adapter. */
  void onExecutionEnded(RunEntity runEntity, RunExecutionResult runExecutionResult) {
    if (runEntity.status != RunStatus.RUNNING) {
      return;
    }
    runEntity.exitCode = runExecutionResult.exitCode().orElse(null);
    runEntity.signal = runExecutionResult.signal().orElse(null);
    runEntity.stdout = runExecutionResult.stdout();
    runEntity.stderr = runExecutionResult.stderr();
    if (runEntity.cancelCode != null) {
      finish(runEntity, RunStatus.CANCELLED, runEntity.cancelMessage, runEntity.cancelCode);
    } else if (runExecutionResult.succeeded()) {
      finish(runEntity, RunStatus.SUCCEEDED, null, null);
    } else if (runExecutionResult.timedOut()) {
      finish(runEntity, RunStatus.TIMED_OUT, "Timed out", "timeout");
    } else {
      String error = runExecutionResult.error().orElseGet(() -> describe(runExecutionResult));
      finish(runEntity, RunStatus.FAILED, error, "adapter_failed");
    }
  }

  private static String describe(RunExecutionResult runExecutionResult) {
    return runExecutionResult
        .signal()
        .map(signal -> "Process terminated by signal " + signal)
        .orElseGet(() -> "Process exited with code " + runExecutionResult.exitCode().orElse(-1));
  }

  /** Stops the run; completes when the run has ended. Does nothing when it has ended before. */
  Future<Void> stop(RunEntity runEntity, String message, String code) {
    if (runEntity.status == RunStatus.QUEUED) {
      runDispatcher.cancelQueued(runEntity, message, code);
      return Future.succeededFuture();
    }
    if (runEntity.status != RunStatus.RUNNING) {
      return Future.succeededFuture();
    }
    Promise<Void> stopping = runEntity.stopPromise;
    if (stopping != null) {
      return stopping.future();
    }
    Promise<Void> gone = Promise.promise();
    runEntity.stopPromise = gone;
    runEntity.cancelMessage = message;
    runEntity.cancelCode = code;
    RunExecution runExecution = runEntity.runExecution;
    Future<Void> cancelled = runExecution == null ? Future.succeededFuture() : runExecution.cancel();
    cancelled.onComplete(
        done -> {
          if (runEntity.status == RunStatus.RUNNING) {
            finish(runEntity, RunStatus.CANCELLED, message, code);
          } else {
            gone.tryComplete();
          }
        });
    return gone.future();
  }

  /** Stops all queued and running runs of the agent. */
  void stopRunsOf(AgentEntity agentEntity, String message, String code) {
    List<RunEntity> live = server.liveRuns(runEntity -> runEntity.agentId.equals(agentEntity.id)).toList();
    live.forEach(runEntity -> stop(runEntity, message, code));
  }

  private void finish(RunEntity runEntity, RunStatus status, @Nullable String error, @Nullable String code) {
    Instant now = server.now();
    runEntity.status = status;
    runEntity.finishedAt = now;
    runEntity.updatedAt = now;
    runEntity.error = error;
    runEntity.errorCode = code;
    updateAgentStatus(server.agent(runEntity.agentId), runEntity, now);
    Optional<IssueEntity> issue = Optional.ofNullable(runEntity.issueId()).map(server::findIssue);
    runEntity.livenessState = livenessState(runEntity, issue);
    boolean held = issue.filter(each -> runEntity.id.equals(each.executionRunId)).isPresent();
    releaseLocks(runEntity);
    boolean reassigned = "issue_reassigned".equals(code);
    if (issue.isPresent() && !reassigned) {
      followUp(runEntity, issue.get(), held);
    }
    Promise<Void> stopping = runEntity.stopPromise;
    if (stopping != null) {
      stopping.tryComplete();
    }
    runDispatcher.startNext(server.agent(runEntity.agentId));
  }

  private static String livenessState(RunEntity runEntity, Optional<IssueEntity> issue) {
    if (runEntity.status != RunStatus.SUCCEEDED) {
      return "failed";
    }
    if (issue.isPresent() && issue.get().status().isClosed()) {
      return "completed";
    }
    if (issue.isPresent() && issue.get().status() == IssueStatus.BLOCKED) {
      return "blocked";
    }
    if (runEntity.productive) {
      return "advanced";
    }
    return runEntity.stdout == null || runEntity.stdout.isBlank() ? "empty_response" : "needs_followup";
  }

  private void updateAgentStatus(AgentEntity agentEntity, RunEntity runEntity, Instant now) {
    agentEntity.lastHeartbeatAt = now;
    agentEntity.updatedAt = now;
    if (!agentEntity.isInvokable()) {
      return;
    }
    boolean busy = server.liveRuns(other -> other.agentId.equals(agentEntity.id) && other.status == RunStatus.RUNNING)
        .findAny().isPresent();
    boolean failed = runEntity.status == RunStatus.FAILED || runEntity.status == RunStatus.TIMED_OUT;
    agentEntity.status = busy ? "running" : failed ? "error" : "idle";
    agentEntity.errorReason = failed ? runEntity.error : null;
  }

  private void releaseLocks(RunEntity runEntity) {
    for (IssueEntity issueEntity : server.issues.values()) {
      if (runEntity.id.equals(issueEntity.executionRunId)) {
        issueEntity.clearExecutionLock();
      }
      if (runEntity.id.equals(issueEntity.checkoutRunId)) {
        issueEntity.checkoutRunId = null;
      }
    }
  }

  private void followUp(RunEntity runEntity, IssueEntity issueEntity, boolean held) {
    if (runEntity.status != RunStatus.SUCCEEDED) {
      recoveryRules.afterFailure(runEntity, issueEntity);
      startDeferredWake(issueEntity, Optional.of(runEntity));
      return;
    }
    recoveryRules.checkRunComment(runEntity, issueEntity, held, hasDeferredComment(runEntity, issueEntity));
    if (!startDeferredWake(issueEntity, Optional.of(runEntity))) {
      recoveryRules.afterSuccess(runEntity, issueEntity);
    }
  }

  private boolean hasDeferredComment(RunEntity runEntity, IssueEntity issueEntity) {
    return server.deferredWakes.stream()
        .anyMatch(
            wake -> wake.issueId.equals(issueEntity.id)
                && wake.agentId.equals(runEntity.agentId)
                && JsonNodes.text(wake.context, "wakeCommentId") != null);
  }

  /**
   * Starts the first deferred wake of the issue that still applies, and drops those before it.
   *
   * @return whether a wake was started
   */
  boolean startDeferredWake(IssueEntity issueEntity, Optional<RunEntity> finished) {
    if (issueEntity.executionBlocker != null) {
      return false;
    }
    for (DeferredWake wake : List.copyOf(server.deferredWakes)) {
      if (wake.issueId.equals(issueEntity.id)) {
        server.deferredWakes.remove(wake);
        if (startDeferredWake(wake, issueEntity, finished)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean startDeferredWake(DeferredWake wake, IssueEntity issueEntity, Optional<RunEntity> finished) {
    Optional<AgentEntity> agent = server.findAgent(wake.agentId).filter(AgentEntity::isInvokable);
    boolean held = server.activeHoldOn(issueEntity).isPresent()
        && !wake.context.path("treeHoldInteraction").asBoolean(false);
    boolean mention = "issue_comment_mentioned".equals(wake.reason());
    boolean misplaced = !mention && !issueEntity.isAssignedTo(wake.agentId);
    if (agent.isEmpty() || held || misplaced || onlyOwnComments(wake, issueEntity, finished)) {
      return false;
    }
    if (issueEntity.status().isClosed() && issueEntity.isAssignedTo(wake.agentId)) {
      boolean reopens = wake.spec.byUser() && JsonNodes.text(wake.context, "wakeCommentId") != null;
      if (!reopens) {
        return false;
      }
      wake.context.put("reopenedFrom", issueEntity.status().wireName());
      issueEntity.moveTo(IssueStatus.TODO, server.now());
    }
    runDispatcher.queue(server.idGenerator.next(), agent.get(), wake.spec, wake.id, wake.context);
    return true;
  }

  private static boolean onlyOwnComments(DeferredWake wake, IssueEntity issueEntity, Optional<RunEntity> finished) {
    List<String> ids = JsonNodes.texts(wake.context.path("wakeCommentIds"));
    if (ids.isEmpty() || finished.isEmpty() || !wake.agentId.equals(finished.get().agentId)) {
      return false;
    }
    return issueEntity.comments.stream()
        .filter(commentEntity -> ids.contains(commentEntity.id()))
        .allMatch(commentEntity -> finished.get().id.equals(commentEntity.runId()));
  }
}
