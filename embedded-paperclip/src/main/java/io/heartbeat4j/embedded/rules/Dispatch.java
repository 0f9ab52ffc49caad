package io.heartbeat4j.embedded.rules;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Starts queued runs: takes the locks, checks the issue out in the run's name and hands the run over. */
final class Dispatch {

  private static final Set<String> COMMENT_REASONS =
      Set.of("issue_commented", "issue_comment_mentioned", "issue_reopened_via_comment");

  private final World world;
  private final Adapter adapter;
  private final RunTokens tokens;
  private final WakeContext wakeContext;
  private final Environment environment;
  private @Nullable RunEnd runEnd;

  Dispatch(World world, Adapter adapter, RunTokens tokens) {
    this.world = world;
    this.adapter = adapter;
    this.tokens = tokens;
    this.wakeContext = new WakeContext(world);
    this.environment = new Environment(world);
  }

  /** The other half of a run's life, which needs this half to start what comes next. */
  void endsAt(RunEnd end) {
    this.runEnd = end;
  }

  void queued(Run run) {
    world.later(world.options.startDelay(), () -> startNext(world.agent(run.agentId)));
  }

  void startNext(Agent agent) {
    long running = world.liveRuns(run -> run.agentId.equals(agent.id) && run.status == RunStatus.RUNNING).count();
    for (Run run : world.liveRuns(run -> run.agentId.equals(agent.id) && run.status == RunStatus.QUEUED).toList()) {
      if (running >= agent.concurrentRuns()) {
        return;
      }
      if (run.status == RunStatus.QUEUED && claim(run, agent)) {
        running++;
      }
    }
  }

  /** Ends a run that has not started. */
  void dropQueued(Run run, String why, String code) {
    run.status = RunStatus.CANCELLED;
    run.finishedAt = world.now();
    run.updatedAt = run.finishedAt;
    run.error = why;
    run.errorCode = code;
    for (Issue issue : world.issues.values()) {
      if (run.id.equals(issue.executionRunId) && issue.checkoutRunId == null) {
        issue.unlock();
      }
    }
  }

  private boolean claim(Run run, Agent agent) {
    Optional<Issue> issue = Optional.ofNullable(run.issueId()).map(world::findIssue);
    if (!agent.invokable()) {
      dropQueued(run, "Cancelled because the agent is not invokable", "agent_not_invokable");
      return false;
    }
    if (issue.isPresent() && isStale(run, issue.get())) {
      return false;
    }
    run.status = RunStatus.RUNNING;
    run.startedAt = world.now();
    run.updatedAt = run.startedAt;
    agent.status = "running";
    agent.updatedAt = run.startedAt;
    issue.ifPresent(each -> take(run, agent, each));
    wakeContext.complete(run, agent, issue);
    start(run, agent);
    return true;
  }

  private boolean isStale(Run run, Issue issue) {
    if (world.holdOn(issue).isPresent() && !run.context.path("treeHoldInteraction").asBoolean(false)) {
      dropQueued(run, "Cancelled because the issue is held by an active subtree pause hold", "issue_paused");
      return true;
    }
    String reason = run.wakeReason();
    boolean comment = reason != null && COMMENT_REASONS.contains(reason);
    if (!issue.isAssignedTo(run.agentId) && !comment) {
      dropQueued(
          run,
          "Cancelled because issue assignee changed before the queued run could start; the new owner will be woken instead",
          "issue_assignee_changed");
      return true;
    }
    boolean resumes = run.context.path("resumeIntent").asBoolean(false) || Json.text(run.context, "wakeCommentId") != null;
    if (issue.status().closed() && !resumes) {
      dropQueued(
          run,
          "Cancelled because issue reached terminal status (" + issue.status().wire() + ") before the queued run could start",
          "issue_terminal_status");
      return true;
    }
    return false;
  }

  private void take(Run run, Agent agent, Issue issue) {
    if (!issue.isAssignedTo(agent.id)) {
      return;
    }
    if (issue.executionRunId == null || !world.isLive(issue.executionRunId) || run.id.equals(issue.executionRunId)) {
      issue.executionRunId = run.id;
      issue.executionAgentNameKey = agent.key();
      issue.executionLockedAt = run.startedAt;
    }
    if (checksOut(run, issue)) {
      harnessCheckout(run, issue);
    }
  }

  private boolean checksOut(Run run, Issue issue) {
    String reason = run.wakeReason();
    if (reason == null || !world.unresolvedBlockers(issue).isEmpty()) {
      return false;
    }
    boolean resolvedInteraction =
        Json.text(run.context, "interactionId") != null && Json.text(run.context, "interactionStatus") != null;
    return switch (issue.status()) {
      case BACKLOG, TODO, BLOCKED, IN_PROGRESS ->
          !reason.equals("issue_comment_mentioned") && !reason.startsWith("execution_");
      case IN_REVIEW -> resolvedInteraction;
      case DONE, CANCELLED -> false;
    };
  }

  private void harnessCheckout(Run run, Issue issue) {
    boolean lockedByOther =
        (world.isLive(issue.checkoutRunId) && !run.id.equals(issue.checkoutRunId))
            || (world.isLive(issue.executionRunId) && !run.id.equals(issue.executionRunId));
    run.context.put("paperclipHarnessCheckedOut", !lockedByOther);
    if (lockedByOther) {
      return;
    }
    if (issue.status() != Status.IN_PROGRESS) {
      var lockedAt = issue.executionLockedAt;
      var nameKey = issue.executionAgentNameKey;
      issue.takeUp(world.now());
      issue.executionLockedAt = lockedAt;
      issue.executionAgentNameKey = nameKey;
    }
    issue.lock(run.id, world.now());
    run.touchedIssues.add(issue.id);
  }

  private void start(Run run, Agent agent) {
    String token = tokens.issue(run);
    RunOrder order =
        new RunOrder(
            run.id,
            agent.id,
            agent.name,
            agent.companyId,
            agent.adapterType,
            agent.adapterConfig.deepCopy(),
            run.context.deepCopy(),
            token,
            world.options.apiUrl(),
            environment.of(run, agent, token));
    Execution execution = adapter.start(order);
    run.execution = execution;
    execution
        .outcome()
        .onComplete(
            result -> {
              Outcome outcome = result.succeeded() ? result.result() : Outcome.failed(String.valueOf(result.cause()));
              if (runEnd != null) {
                runEnd.ended(run, outcome);
              }
            });
  }
}
