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
 * Decides what a wake becomes: a new run, a part of a run that is already on its way, a wake that waits
 * until the issue's live run has ended, or nothing.
 */
final class Wakes {

  /** What became of a wake. */
  sealed interface Admission {

    /** A run that was made for this wake, or that took it in. */
    record Running(Run run) implements Admission {}

    /** Waits behind the live run of its issue. */
    record Deferred() implements Admission {}

    /** Nothing happens. */
    record Skipped(String reason) implements Admission {}
  }

  private static final Set<String> NEEDS_OWN_RUN =
      Set.of("approval_approved", "issue_blockers_resolved", "issue_recovery_action_restored");
  private static final Set<String> INTERACTION_REASONS =
      Set.of("issue_commented", "issue_comment_mentioned", "issue_reopened_via_comment");

  private final World world;
  private final Dispatch dispatch;

  Wakes(World world, Dispatch dispatch) {
    this.world = world;
    this.dispatch = dispatch;
  }

  Admission wake(String agentId, WakeSpec spec) {
    Optional<Agent> found = world.agentOf(agentId);
    if (found.isEmpty() || !found.get().invokable()) {
      return new Admission.Skipped("agent_not_invokable");
    }
    Agent agent = found.get();
    ObjectNode context = enriched(spec);
    String issueId = Json.text(context, "issueId");
    Issue issue = issueId == null ? null : world.findIssue(issueId);
    if (issueId == null) {
      return unscoped(agent, spec, context);
    }
    if (issue == null) {
      return new Admission.Skipped("issue_execution_issue_not_found");
    }
    return scoped(agent, issue, spec, context);
  }

  private Admission scoped(Agent agent, Issue issue, WakeSpec spec, ObjectNode context) {
    boolean interaction = isInteraction(context, spec);
    Optional<Hold> hold = world.holdOn(issue);
    if (hold.isPresent()) {
      if (!isComment(context)) {
        return new Admission.Skipped("issue_tree_hold_active");
      }
      context.put("treeHoldInteraction", true);
    }
    if (issue.executionBlocker != null) {
      if (Json.text(context, "wakeCommentId") != null || Json.text(context, "interactionId") != null) {
        return defer(agent, issue, spec, context);
      }
      return new Admission.Skipped("execution_reconciliation_required");
    }
    Optional<Run> active = activeRun(issue);
    List<Issue> blockers = world.unresolvedBlockers(issue);
    if (!blockers.isEmpty()) {
      if (interaction) {
        context.put("dependencyBlockedInteraction", true);
        context.set("unresolvedBlockerIssueIds", Json.array(blockers.stream().map(blocker -> blocker.id).toList()));
      } else if (active.isEmpty()) {
        return new Admission.Skipped("issue_dependencies_blocked");
      }
    }
    if (active.isPresent()) {
      return behind(active.get(), agent, issue, spec, context);
    }
    adoptDeferredComments(agent, issue, context);
    return queue(agent, spec, context);
  }

  /** The live run that works on the issue; a queued one of a former assignee is cancelled on the way. */
  private Optional<Run> activeRun(Issue issue) {
    Optional<Run> active = world.run(issue.executionRunId).filter(Run::live);
    if (active.isEmpty()) {
      active =
          world
              .liveRuns(run -> issue.id.equals(Json.text(run.context, "issueId")))
              .min(Comparator.comparing((Run run) -> run.status != RunStatus.RUNNING).thenComparing(run -> run.createdAt));
    }
    if (active.isPresent()
        && active.get().status == RunStatus.QUEUED
        && issue.assigneeAgentId != null
        && !issue.isAssignedTo(active.get().agentId)) {
      dispatch.dropQueued(
          active.get(), "Execution lock released after issue reassigned to a different agent", "lock_released_on_reassignment");
      return Optional.empty();
    }
    return active;
  }

  private Admission behind(Run active, Agent agent, Issue issue, WakeSpec spec, ObjectNode context) {
    boolean sameAgent = active.agentId.equals(agent.id);
    boolean running = active.status == RunStatus.RUNNING;
    if (sameAgent && !spec.manual() && !(running && needsOwnRun(context))) {
      merge(active, context);
      return new Admission.Running(active);
    }
    return defer(agent, issue, spec, context);
  }

  private static boolean needsOwnRun(ObjectNode context) {
    String reason = Json.text(context, "wakeReason");
    return Json.text(context, "wakeCommentId") != null
        || (Json.text(context, "interactionId") != null && Json.text(context, "interactionStatus") != null)
        || (reason != null && NEEDS_OWN_RUN.contains(reason))
        || context.path("forceFreshSession").asBoolean(false);
  }

  private Admission defer(Agent agent, Issue issue, WakeSpec spec, ObjectNode context) {
    for (DeferredWake waiting : world.deferred) {
      if (waiting.agentId.equals(agent.id) && waiting.issueId.equals(issue.id)) {
        waiting.context = merged(waiting.context, context);
        return new Admission.Deferred();
      }
    }
    world.deferred.add(new DeferredWake(world.ids.next(), agent.id, issue.id, spec, context));
    return new Admission.Deferred();
  }

  private void adoptDeferredComments(Agent agent, Issue issue, ObjectNode context) {
    List<DeferredWake> adopted =
        world.deferred.stream()
            .filter(waiting -> waiting.agentId.equals(agent.id) && waiting.issueId.equals(issue.id))
            .filter(waiting -> "issue_commented".equals(waiting.reason()) || "issue_reopened_via_comment".equals(waiting.reason()))
            .filter(waiting -> Json.text(waiting.context, "interactionId") == null)
            .toList();
    for (DeferredWake waiting : adopted) {
      commentIds(context, commentIdsOf(waiting.context, context));
      world.deferred.remove(waiting);
    }
  }

  private Admission unscoped(Agent agent, WakeSpec spec, ObjectNode context) {
    if (!spec.manual()) {
      Optional<Run> same =
          world
              .liveRuns(run -> run.agentId.equals(agent.id))
              .filter(run -> Objects.equals(Json.text(run.context, "taskKey"), Json.text(context, "taskKey")))
              .min(Comparator.comparing((Run run) -> run.status != RunStatus.QUEUED));
      if (same.isPresent()) {
        merge(same.get(), context);
        return new Admission.Running(same.get());
      }
    }
    return queue(agent, spec, context);
  }

  private Admission queue(Agent agent, WakeSpec spec, ObjectNode context) {
    Run run =
        new Run(world.ids.next(), agent, spec.source(), spec.triggerDetail(), world.ids.next(), context, world.now());
    run.retryOfRunId = Json.text(context, "retryOfRunId");
    world.runs.put(run.id, run);
    dispatch.queued(run);
    return new Admission.Running(run);
  }

  private void merge(Run run, ObjectNode context) {
    run.context = merged(run.context, context);
    run.updatedAt = world.now();
  }

  private static ObjectNode merged(ObjectNode existing, ObjectNode incoming) {
    ObjectNode merged = existing.deepCopy();
    List<String> comments = commentIdsOf(existing, incoming);
    merged.setAll(incoming);
    if (!comments.isEmpty()) {
      commentIds(merged, comments);
      merged.remove("paperclipWake");
    }
    return merged;
  }

  private static List<String> commentIdsOf(ObjectNode... contexts) {
    Set<String> ids = new LinkedHashSet<>();
    for (ObjectNode context : contexts) {
      context.path("wakeCommentIds").forEach(id -> ids.add(id.asText()));
    }
    return List.copyOf(ids);
  }

  private static void commentIds(ObjectNode context, List<String> ids) {
    if (ids.isEmpty()) {
      return;
    }
    String latest = ids.get(ids.size() - 1);
    context.set("wakeCommentIds", Json.array(ids));
    context.put("commentId", latest).put("wakeCommentId", latest);
  }

  /** The context with what every wake says about itself. */
  static ObjectNode enriched(WakeSpec spec) {
    ObjectNode context = spec.context().deepCopy();
    String issueId = Json.text(context, "issueId");
    if (issueId != null) {
      fill(context, "taskId", issueId);
      fill(context, "taskKey", Json.text(context, "taskId"));
    }
    fill(context, "wakeReason", spec.reason());
    String commentId = Json.text(context, "commentId");
    if (commentId != null) {
      context.put("wakeCommentId", commentId);
      ArrayNode ids = Json.array(List.of(commentId));
      context.set("wakeCommentIds", ids);
    }
    fill(context, "wakeSource", spec.source());
    fill(context, "wakeTriggerDetail", spec.triggerDetail());
    return context;
  }

  private static void fill(ObjectNode context, String field, @Nullable String value) {
    if (value != null && Json.text(context, field) == null) {
      context.put(field, value);
    }
  }

  private static boolean isInteraction(ObjectNode context, WakeSpec spec) {
    return spec.byUser() && isComment(context);
  }

  private static boolean isComment(ObjectNode context) {
    String reason = Json.text(context, "wakeReason");
    return reason != null && INTERACTION_REASONS.contains(reason) && Json.text(context, "wakeCommentId") != null;
  }
}
