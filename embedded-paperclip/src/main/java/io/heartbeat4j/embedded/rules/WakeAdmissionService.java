package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Admits a wake: queues a new run, merges the wake into a live run, defers it until the live run of the issue has
 * ended, or skips it.
 */
final class WakeAdmissionService {

  /** The result of a wake. */
  sealed interface Admission {

    /** The new run of the wake, or the run that the wake was merged into. */
    record Running(RunEntity run) implements Admission {}

    /** The wake waits for the end of the live run of its issue, or for the end of an execution blocker. */
    record Deferred() implements Admission {}

    /** The wake starts nothing. */
    record Skipped(String reason) implements Admission {}
  }

  private static final Set<String> NEEDS_OWN_RUN = Set.of("approval_approved", "issue_blockers_resolved",
      "issue_recovery_action_restored");

  private final ServerState server;
  private final RunDispatcher runDispatcher;

  WakeAdmissionService(ServerState server, RunDispatcher runDispatcher) {
    this.server = server;
    this.runDispatcher = runDispatcher;
  }

  Admission admit(String agentId, WakeSpec spec) {
    Optional<AgentEntity> found = server.findAgent(agentId);
    if (found.isEmpty() || !found.get().isInvokable()) {
      return new Admission.Skipped("agent_not_invokable");
    }
    AgentEntity agentEntity = found.get();
    ObjectNode context = withWakeFields(spec);
    String issueId = JsonNodes.text(context, "issueId");
    IssueEntity issueEntity = issueId == null ? null : server.findIssue(issueId);
    if (issueId == null) {
      return admitUnscoped(agentEntity, spec, context);
    }
    if (issueEntity == null) {
      return new Admission.Skipped("issue_execution_issue_not_found");
    }
    return admitScoped(agentEntity, issueEntity, spec, context);
  }

  private Admission admitScoped(AgentEntity agentEntity, IssueEntity issueEntity, WakeSpec spec, ObjectNode context) {
    boolean interaction = isInteraction(context, spec);
    Optional<TreeHoldEntity> hold = server.activeHoldOn(issueEntity);
    if (hold.isPresent()) {
      if (!isComment(context)) {
        return new Admission.Skipped("issue_tree_hold_active");
      }
      context.put("treeHoldInteraction", true);
    }
    if (issueEntity.executionBlocker != null) {
      if (JsonNodes.text(context, "wakeCommentId") != null || JsonNodes.text(context, "interactionId") != null) {
        return defer(agentEntity, issueEntity, spec, context);
      }
      return new Admission.Skipped("execution_reconciliation_required");
    }
    Optional<RunEntity> active = activeRun(issueEntity);
    List<IssueEntity> blockers = server.unresolvedBlockers(issueEntity);
    if (!blockers.isEmpty()) {
      if (interaction) {
        context.put("dependencyBlockedInteraction", true);
        context.set("unresolvedBlockerIssueIds",
            JsonNodes.array(blockers.stream().map(blocker -> blocker.id).toList()));
      } else if (active.isEmpty()) {
        return new Admission.Skipped("issue_dependencies_blocked");
      }
    }
    if (active.isPresent()) {
      return mergeOrDefer(active.get(), agentEntity, issueEntity, spec, context);
    }
    adoptDeferredComments(agentEntity, issueEntity, context);
    return queueRun(agentEntity, spec, context);
  }

  /** The live run of the issue; a queued run of a former assignee is cancelled instead. */
  private Optional<RunEntity> activeRun(IssueEntity issueEntity) {
    Optional<RunEntity> active = server.findRun(issueEntity.executionRunId).filter(RunEntity::isLive);
    if (active.isEmpty()) {
      active = server
          .liveRuns(runEntity -> issueEntity.id.equals(JsonNodes.text(runEntity.context, "issueId")))
          .min(Comparator.comparing((RunEntity runEntity) -> runEntity.status != RunStatus.RUNNING)
              .thenComparing(runEntity -> runEntity.createdAt));
    }
    if (active.isPresent()
        && active.get().status == RunStatus.QUEUED
        && issueEntity.assigneeAgentId != null
        && !issueEntity.isAssignedTo(active.get().agentId)) {
      runDispatcher.cancelQueued(
          active.get(), "Execution lock released after issue reassigned to a different agent",
          "lock_released_on_reassignment");
      return Optional.empty();
    }
    return active;
  }

  private Admission mergeOrDefer(RunEntity active, AgentEntity agentEntity, IssueEntity issueEntity, WakeSpec spec,
      ObjectNode context) {
    boolean sameAgent = active.agentId.equals(agentEntity.id);
    boolean running = active.status == RunStatus.RUNNING;
    if (sameAgent && !spec.manual() && !(running && needsOwnRun(context))) {
      merge(active, context);
      return new Admission.Running(active);
    }
    return defer(agentEntity, issueEntity, spec, context);
  }

  private static boolean needsOwnRun(ObjectNode context) {
    String reason = JsonNodes.text(context, "wakeReason");
    return JsonNodes.text(context, "wakeCommentId") != null
        || (JsonNodes.text(context, "interactionId") != null && JsonNodes.text(context, "interactionStatus") != null)
        || (reason != null && NEEDS_OWN_RUN.contains(reason))
        || context.path("forceFreshSession").asBoolean(false);
  }

  private Admission defer(AgentEntity agentEntity, IssueEntity issueEntity, WakeSpec spec, ObjectNode context) {
    for (DeferredWake waiting : server.deferredWakes) {
      if (waiting.agentId.equals(agentEntity.id) && waiting.issueId.equals(issueEntity.id)) {
        waiting.context = merged(waiting.context, context);
        return new Admission.Deferred();
      }
    }
    server.deferredWakes
        .add(new DeferredWake(server.idGenerator.next(), agentEntity.id, issueEntity.id, spec, context));
    return new Admission.Deferred();
  }

  private void adoptDeferredComments(AgentEntity agentEntity, IssueEntity issueEntity, ObjectNode context) {
    List<DeferredWake> adopted = server.deferredWakes.stream()
        .filter(waiting -> waiting.agentId.equals(agentEntity.id) && waiting.issueId.equals(issueEntity.id))
        .filter(waiting -> "issue_commented".equals(waiting.reason())
            || "issue_reopened_via_comment".equals(waiting.reason()))
        .filter(waiting -> JsonNodes.text(waiting.context, "interactionId") == null)
        .toList();
    for (DeferredWake waiting : adopted) {
      setCommentIds(context, commentIdsOf(waiting.context, context));
      server.deferredWakes.remove(waiting);
    }
  }

  private Admission admitUnscoped(AgentEntity agentEntity, WakeSpec spec, ObjectNode context) {
    if (!spec.manual()) {
      Optional<RunEntity> same = server
          .liveRuns(runEntity -> runEntity.agentId.equals(agentEntity.id))
          .filter(runEntity -> Objects.equals(JsonNodes.text(runEntity.context, "taskKey"),
              JsonNodes.text(context, "taskKey")))
          .min(Comparator.comparing((RunEntity runEntity) -> runEntity.status != RunStatus.QUEUED));
      if (same.isPresent()) {
        merge(same.get(), context);
        return new Admission.Running(same.get());
      }
    }
    return queueRun(agentEntity, spec, context);
  }

  private Admission queueRun(AgentEntity agentEntity, WakeSpec spec, ObjectNode context) {
    RunEntity runEntity = runDispatcher.queue(server.idGenerator.next(), agentEntity, spec, server.idGenerator.next(),
        context);
    runEntity.retryOfRunId = JsonNodes.text(context, "retryOfRunId");
    return new Admission.Running(runEntity);
  }

  private void merge(RunEntity runEntity, ObjectNode context) {
    runEntity.context = merged(runEntity.context, context);
    runEntity.updatedAt = server.now();
  }

  private static ObjectNode merged(ObjectNode existing, ObjectNode incoming) {
    ObjectNode merged = existing.deepCopy();
    List<String> comments = commentIdsOf(existing, incoming);
    merged.setAll(incoming);
    if (!comments.isEmpty()) {
      setCommentIds(merged, comments);
      merged.remove("paperclipWake");
    }
    return merged;
  }

  private static List<String> commentIdsOf(ObjectNode... contexts) {
    Set<String> ids = new LinkedHashSet<>();
    for (ObjectNode context : contexts) {
      ids.addAll(JsonNodes.texts(context.path("wakeCommentIds")));
    }
    return List.copyOf(ids);
  }

  private static void setCommentIds(ObjectNode context, List<String> ids) {
    if (ids.isEmpty()) {
      return;
    }
    String latest = ids.get(ids.size() - 1);
    context.set("wakeCommentIds", JsonNodes.array(ids));
    context.put("commentId", latest).put("wakeCommentId", latest);
  }

  /** The context with the fields of every wake, such as {@code wakeReason} and {@code wakeSource}. */
  private static ObjectNode withWakeFields(WakeSpec spec) {
    ObjectNode context = spec.context().deepCopy();
    String issueId = JsonNodes.text(context, "issueId");
    if (issueId != null) {
      putIfAbsent(context, "taskId", issueId);
      putIfAbsent(context, "taskKey", JsonNodes.text(context, "taskId"));
    }
    putIfAbsent(context, "wakeReason", spec.reason());
    String commentId = JsonNodes.text(context, "commentId");
    if (commentId != null) {
      context.put("wakeCommentId", commentId);
      ArrayNode ids = JsonNodes.array(List.of(commentId));
      context.set("wakeCommentIds", ids);
    }
    putIfAbsent(context, "wakeSource", spec.source());
    putIfAbsent(context, "wakeTriggerDetail", spec.triggerDetail());
    return context;
  }

  private static void putIfAbsent(ObjectNode context, String field, @Nullable String value) {
    if (value != null && JsonNodes.text(context, field) == null) {
      context.put(field, value);
    }
  }

  private static boolean isInteraction(ObjectNode context, WakeSpec spec) {
    return spec.byUser() && isComment(context);
  }

  private static boolean isComment(ObjectNode context) {
    String reason = JsonNodes.text(context, "wakeReason");
    return reason != null && WakeSpec.COMMENT_REASONS.contains(reason)
        && JsonNodes.text(context, "wakeCommentId") != null;
  }
}
