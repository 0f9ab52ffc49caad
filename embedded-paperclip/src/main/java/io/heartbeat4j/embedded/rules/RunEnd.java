package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Ends runs: by themselves or on request; then frees what they held and lets waiting wakes go on. */
final class RunEnd {

  private final World world;
  private final Dispatch dispatch;
  private final Recovery recovery;

  RunEnd(World world, Dispatch dispatch, Recovery recovery) {
    this.world = world;
    this.dispatch = dispatch;
    this.recovery = recovery;
  }

  /** The adapter says that the run is over. */
  void ended(Run run, Outcome outcome) {
    if (run.status != RunStatus.RUNNING) {
      return;
    }
    run.exitCode = outcome.exitCode().orElse(null);
    run.signal = outcome.signal().orElse(null);
    run.stdout = outcome.stdout();
    run.stderr = outcome.stderr();
    if (run.cancelCode != null) {
      finish(run, RunStatus.CANCELLED, run.cancelMessage, run.cancelCode);
    } else if (outcome.succeeded()) {
      finish(run, RunStatus.SUCCEEDED, null, null);
    } else if (outcome.timedOut()) {
      finish(run, RunStatus.TIMED_OUT, "Timed out", "timeout");
    } else {
      String error = outcome.error().orElseGet(() -> describe(outcome));
      finish(run, RunStatus.FAILED, error, "adapter_failed");
    }
  }

  private static String describe(Outcome outcome) {
    return outcome
        .signal()
        .map(signal -> "Process terminated by signal " + signal)
        .orElseGet(() -> "Process exited with code " + outcome.exitCode().orElse(-1));
  }

  /** Stops the run and completes when it is gone; a run that is over stays as it is. */
  Future<Void> stop(Run run, String message, String code) {
    if (run.status == RunStatus.QUEUED) {
      dispatch.dropQueued(run, message, code);
      return Future.succeededFuture();
    }
    if (run.status != RunStatus.RUNNING) {
      return Future.succeededFuture();
    }
    Promise<Void> stopping = run.stopping;
    if (stopping != null) {
      return stopping.future();
    }
    Promise<Void> gone = Promise.promise();
    run.stopping = gone;
    run.cancelMessage = message;
    run.cancelCode = code;
    Execution execution = run.execution;
    Future<Void> cancelled = execution == null ? Future.succeededFuture() : execution.cancel();
    cancelled.onComplete(
        done -> {
          if (run.status == RunStatus.RUNNING) {
            finish(run, RunStatus.CANCELLED, message, code);
          } else {
            gone.tryComplete();
          }
        });
    return gone.future();
  }

  private void finish(Run run, RunStatus status, @Nullable String error, @Nullable String code) {
    Instant now = world.now();
    run.status = status;
    run.finishedAt = now;
    run.updatedAt = now;
    run.error = error;
    run.errorCode = code;
    rest(world.agent(run.agentId), run, now);
    Optional<Issue> issue = Optional.ofNullable(run.issueId()).map(world::findIssue);
    run.livenessState = liveness(run, issue);
    boolean held = issue.filter(each -> run.id.equals(each.executionRunId)).isPresent();
    release(run);
    boolean reassigned = "issue_reassigned".equals(code);
    if (issue.isPresent() && !reassigned) {
      after(run, issue.get(), held);
    }
    Promise<Void> stopping = run.stopping;
    if (stopping != null) {
      stopping.tryComplete();
    }
    dispatch.startNext(world.agent(run.agentId));
  }

  private static String liveness(Run run, Optional<Issue> issue) {
    if (run.status != RunStatus.SUCCEEDED) {
      return "failed";
    }
    if (issue.isPresent() && issue.get().status().closed()) {
      return "completed";
    }
    if (issue.isPresent() && issue.get().status() == Status.BLOCKED) {
      return "blocked";
    }
    if (run.productive) {
      return "advanced";
    }
    return run.stdout == null || run.stdout.isBlank() ? "empty_response" : "needs_followup";
  }

  private void rest(Agent agent, Run run, Instant now) {
    agent.lastHeartbeatAt = now;
    agent.updatedAt = now;
    if (!agent.invokable()) {
      return;
    }
    boolean busy = world.liveRuns(other -> other.agentId.equals(agent.id) && other.status == RunStatus.RUNNING).findAny().isPresent();
    boolean failed = run.status == RunStatus.FAILED || run.status == RunStatus.TIMED_OUT;
    agent.status = busy ? "running" : failed ? "error" : "idle";
    agent.errorReason = failed ? run.error : null;
  }

  private void release(Run run) {
    for (Issue issue : world.issues.values()) {
      if (run.id.equals(issue.executionRunId)) {
        issue.executionRunId = null;
        issue.executionAgentNameKey = null;
        issue.executionLockedAt = null;
      }
      if (run.id.equals(issue.checkoutRunId)) {
        issue.checkoutRunId = null;
      }
    }
  }

  private void after(Run run, Issue issue, boolean held) {
    if (run.status != RunStatus.SUCCEEDED) {
      recovery.failed(run, issue);
      promote(issue, Optional.of(run));
      return;
    }
    recovery.judgeComment(run, issue, held, hasDeferredComment(run, issue));
    if (!promote(issue, Optional.of(run))) {
      recovery.succeeded(run, issue);
    }
  }

  private boolean hasDeferredComment(Run run, Issue issue) {
    return world.deferred.stream()
        .anyMatch(
            wake ->
                wake.issueId.equals(issue.id)
                    && wake.agentId.equals(run.agentId)
                    && Json.text(wake.context, "wakeCommentId") != null);
  }

  /**
   * Starts the first wake that waited for the issue and still makes sense.
   *
   * @return whether one started
   */
  boolean promote(Issue issue, Optional<Run> finished) {
    if (issue.executionBlocker != null) {
      return false;
    }
    for (DeferredWake wake : List.copyOf(world.deferred)) {
      if (wake.issueId.equals(issue.id)) {
        world.deferred.remove(wake);
        if (promote(wake, issue, finished)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean promote(DeferredWake wake, Issue issue, Optional<Run> finished) {
    Optional<Agent> agent = world.agentOf(wake.agentId).filter(Agent::invokable);
    boolean held = world.holdOn(issue).isPresent() && !wake.context.path("treeHoldInteraction").asBoolean(false);
    boolean mention = "issue_comment_mentioned".equals(wake.reason());
    boolean misplaced = !mention && !issue.isAssignedTo(wake.agentId);
    if (agent.isEmpty() || held || misplaced || onlyOwnComments(wake, issue, finished)) {
      return false;
    }
    if (issue.status().closed() && issue.isAssignedTo(wake.agentId)) {
      boolean reopens = wake.spec.byUser() && Json.text(wake.context, "wakeCommentId") != null;
      if (!reopens) {
        return false;
      }
      wake.context.put("reopenedFrom", issue.status().wire());
      issue.moveTo(Status.TODO, world.now());
    }
    ObjectNode context = wake.context;
    Run run =
        new Run(
            world.ids.next(),
            agent.get(),
            wake.spec.source(),
            wake.spec.triggerDetail(),
            wake.id,
            context,
            world.now());
    world.runs.put(run.id, run);
    dispatch.queued(run);
    return true;
  }

  private static boolean onlyOwnComments(DeferredWake wake, Issue issue, Optional<Run> finished) {
    List<String> ids = new java.util.ArrayList<>();
    wake.context.path("wakeCommentIds").forEach(id -> ids.add(id.asText()));
    if (ids.isEmpty() || finished.isEmpty() || !wake.agentId.equals(finished.get().agentId)) {
      return false;
    }
    return issue.comments.stream()
        .filter(comment -> ids.contains(comment.id()))
        .allMatch(comment -> finished.get().id.equals(comment.runId()));
  }
}
