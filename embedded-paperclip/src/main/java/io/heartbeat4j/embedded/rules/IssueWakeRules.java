package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Wakes agents after a write to an issue: assignee, mentioned agents, dependents, parent and unblock owner. */
final class IssueWakeRules {

  private static final String REVIEW_PATH_LOST = "This issue is still in review but its last maintained review path was consumed. Restore a reviewer, interaction,"
      + " approval, monitor, or other durable waiting path, or choose an explicit disposition. This is the only"
      + " automatic review-path recovery wake for this fingerprint.";

  private final ServerState server;
  private final WakeAdmissionService wakeAdmission;
  private final RunFinisher runFinisher;

  IssueWakeRules(ServerState server, WakeAdmissionService wakeAdmission, RunFinisher runFinisher) {
    this.server = server;
    this.wakeAdmission = wakeAdmission;
    this.runFinisher = runFinisher;
  }

  /** The wakes of one write: one per agent and issue, where a later one replaces an earlier one. */
  private final class PendingWakes {

    private record Key(String agentId, String issueId) {}

    private final Map<Key, WakeSpec> specs = new LinkedHashMap<>();

    void add(@Nullable String agentId, WakeSpec spec) {
      if (agentId != null) {
        specs.put(new Key(agentId, spec.context().path("issueId").asText()), spec);
      }
    }

    void send() {
      specs.forEach((key, spec) -> wakeAdmission.admit(key.agentId, spec));
    }
  }

  void wakeAfterCreation(IssueEntity issueEntity, RequestActor requestActor) {
    if (issueEntity.assigneeAgentId == null || issueEntity.status() == IssueStatus.BACKLOG
        || issueEntity.status().isClosed()) {
      return;
    }
    ObjectNode context = issueContext(issueEntity).put("source", "issue.create");
    wakeAdmission.admit(issueEntity.assigneeAgentId, WakeSpec.assignment(requestActor, context));
  }

  /** @param stage the wake of the next participant of a review, instead of the assignment wake */
  void wakeAfterUpdate(IssueEntity issueEntity, IssueSnapshot before, RequestActor requestActor,
      Optional<CommentEntity> comment, Optional<WakeSpec> stage) {
    PendingWakes pendingWakes = new PendingWakes();
    boolean reassigned = !java.util.Objects.equals(before.assigneeAgentId(), issueEntity.assigneeAgentId)
        || !java.util.Objects.equals(before.assigneeUserId(), issueEntity.assigneeUserId);
    stage.ifPresent(spec -> pendingWakes.add(issueEntity.assigneeAgentId, spec));
    if (stage.isEmpty() && reassigned && issueEntity.assigneeAgentId != null
        && issueEntity.status() != IssueStatus.BACKLOG) {
      ObjectNode context = issueContext(issueEntity).put("source", "issue.update");
      comment.ifPresent(each -> context.put("commentId", each.id()));
      pendingWakes.add(issueEntity.assigneeAgentId, WakeSpec.assignment(requestActor, context));
    }
    boolean reopened = comment.isPresent() && resumedByComment(issueEntity, before, requestActor);
    if (!reassigned && !reopened && resumed(issueEntity, before, requestActor)) {
      ObjectNode context = issueContext(issueEntity).put("source", "issue.status_change");
      pendingWakes.add(issueEntity.assigneeAgentId, WakeSpec.automation("issue_status_changed", requestActor, context));
    }
    comment.ifPresent(each -> wakeAfterComment(issueEntity, requestActor, each, reassigned,
        reopened ? before.status() : null, pendingWakes));
    wakeAfterStatusChange(issueEntity, before, requestActor, pendingWakes);
    addUnblockOwnerWake(issueEntity, pendingWakes);
    pendingWakes.send();
    if (reassigned) {
      runFinisher.startDeferredWake(issueEntity, Optional.empty());
    }
  }

  /** @param reopenedFrom the status before the comment, if the comment reopened the issue */
  void wakeAfterComment(IssueEntity issueEntity, RequestActor requestActor, CommentEntity commentEntity,
      @Nullable IssueStatus reopenedFrom) {
    PendingWakes pendingWakes = new PendingWakes();
    wakeAfterComment(issueEntity, requestActor, commentEntity, false, reopenedFrom, pendingWakes);
    pendingWakes.send();
  }

  private static boolean resumedByComment(IssueEntity issueEntity, IssueSnapshot before, RequestActor requestActor) {
    boolean rested = before.status().isClosed() || before.status() == IssueStatus.BLOCKED;
    return requestActor instanceof RequestActor.BoardActor && rested && issueEntity.status() == IssueStatus.TODO;
  }

  private static boolean resumed(IssueEntity issueEntity, IssueSnapshot before, RequestActor requestActor) {
    IssueStatus now = issueEntity.status();
    if (issueEntity.assigneeAgentId == null || before.status() == now) {
      return false;
    }
    return switch (before.status()) {
      case BACKLOG -> true;
      case BLOCKED, DONE, CANCELLED -> now == IssueStatus.TODO;
      case IN_REVIEW -> now == IssueStatus.TODO && requestActor instanceof RequestActor.BoardActor;
      case TODO, IN_PROGRESS -> false;
    };
  }

  private void wakeAfterComment(
      IssueEntity issueEntity, RequestActor requestActor, CommentEntity commentEntity, boolean reassigned,
      @Nullable IssueStatus reopenedFrom, PendingWakes pendingWakes) {
    Optional<InteractionEntity> superseded = commentEntity.isByUser()
        ? supersedeInteractions(issueEntity, commentEntity)
        : Optional.empty();
    boolean own = requestActor instanceof RequestActor.AgentActor agent && agent.hasId(issueEntity.assigneeAgentId);
    boolean wakesAssignee = !own && (reopenedFrom != null || !issueEntity.status().isClosed());
    if (wakesAssignee && !reassigned) {
      ObjectNode context = issueContext(issueEntity).put("commentId", commentEntity.id());
      String reason = reopenedFrom == null ? "issue_commented" : "issue_reopened_via_comment";
      context.put("source", reopenedFrom == null ? "issue.comment" : "issue.comment.reopen");
      if (reopenedFrom != null) {
        context.put("reopenedFrom", reopenedFrom.wireName());
      }
      if (superseded.isPresent() && hasLostReviewPath(issueEntity)) {
        context.put("reviewPathLost", true).put("reviewPathConsumedRef", superseded.get().id);
        context.put("reviewPathInstruction", REVIEW_PATH_LOST);
      }
      pendingWakes.add(issueEntity.assigneeAgentId, WakeSpec.automation(reason, requestActor, context));
    }
    for (String mentioned : MentionParser.parseAgentIds(commentEntity.body())) {
      boolean self = requestActor instanceof RequestActor.AgentActor agent && agent.hasId(mentioned);
      boolean here = server.findAgent(mentioned, issueEntity.companyId).isPresent();
      if (!self && here) {
        ObjectNode context = issueContext(issueEntity).put("commentId", commentEntity.id()).put("source",
            "comment.mention");
        pendingWakes.add(mentioned, WakeSpec.automation("issue_comment_mentioned", requestActor, context));
      }
    }
  }

  /** Expires the pending cards that a comment of a user supersedes; returns the last one. */
  private Optional<InteractionEntity> supersedeInteractions(IssueEntity issueEntity, CommentEntity commentEntity) {
    List<InteractionEntity> superseded = server
        .interactions(issueEntity)
        .filter(interaction -> interaction.isPending()
            && interaction.payload.path("supersedeOnUserComment").asBoolean(false))
        .toList();
    for (InteractionEntity interaction : superseded) {
      ObjectNode result = JsonNodes.object().put("version", 1);
      if (interaction.kind.equals("ask_user_questions")) {
        result.putArray("answers");
        result.put("expirationReason", "superseded_by_comment");
      } else {
        result.put("outcome", "superseded_by_comment");
      }
      expire(interaction, result.put("commentId", commentEntity.id()));
    }
    return superseded.isEmpty() ? Optional.empty() : Optional.of(superseded.get(superseded.size() - 1));
  }

  private void expire(InteractionEntity interaction, ObjectNode result) {
    interaction.resolve("expired", result, server.now());
    interaction.resolvedByUserId = RequestActor.BOARD_USER;
  }

  boolean hasLostReviewPath(IssueEntity issueEntity) {
    return issueEntity.status() == IssueStatus.IN_REVIEW && !ReviewPathCheck.hasReviewPath(server, issueEntity);
  }

  private void wakeAfterStatusChange(IssueEntity issueEntity, IssueSnapshot before, RequestActor requestActor,
      PendingWakes pendingWakes) {
    IssueStatus now = issueEntity.status();
    if (before.status() == now) {
      return;
    }
    if (now == IssueStatus.DONE) {
      wakeDependents(issueEntity, requestActor, pendingWakes);
    }
    if (now == IssueStatus.BLOCKED && !issueEntity.blockedBy.isEmpty()
        && server.unresolvedBlockers(issueEntity).isEmpty()) {
      addBlockersResolvedWake(issueEntity, issueEntity.blockedBy.get(0), requestActor, pendingWakes);
    }
    if (now.isClosed() && !before.status().isClosed()) {
      server
          .interactions(issueEntity)
          .filter(InteractionEntity::isPending)
          .toList()
          .forEach(
              interaction -> expire(interaction, JsonNodes.object().put("version", 1).put("outcome", "issue_closed")));
      if (issueEntity.parentId != null) {
        addChildrenCompletedWake(issueEntity, requestActor, pendingWakes);
      }
    }
  }

  private void wakeDependents(IssueEntity done, RequestActor requestActor, PendingWakes pendingWakes) {
    for (IssueEntity issueEntity : server.issues.values()) {
      boolean rests = issueEntity.status() == IssueStatus.BACKLOG || issueEntity.status().isClosed();
      if (issueEntity.blockedBy.contains(done.id) && !rests && server.unresolvedBlockers(issueEntity).isEmpty()) {
        addBlockersResolvedWake(issueEntity, done.id, requestActor, pendingWakes);
      }
    }
  }

  private static void addBlockersResolvedWake(IssueEntity issueEntity, String blockerId, RequestActor requestActor,
      PendingWakes pendingWakes) {
    ObjectNode context = issueContext(issueEntity).put("source", "issue.blockers_resolved")
        .put("resolvedBlockerIssueId", blockerId);
    context.set("blockerIssueIds", JsonNodes.array(issueEntity.blockedBy));
    pendingWakes.add(issueEntity.assigneeAgentId,
        WakeSpec.automation("issue_blockers_resolved", requestActor, context));
  }

  private void addChildrenCompletedWake(IssueEntity child, RequestActor requestActor, PendingWakes pendingWakes) {
    IssueEntity parent = child.parentId == null ? null : server.issues.get(child.parentId);
    if (parent == null || parent.status() == IssueStatus.BACKLOG || parent.status().isClosed()) {
      return;
    }
    List<IssueEntity> children = server.children(parent).toList();
    if (!children.stream().allMatch(each -> each.status().isClosed())) {
      return;
    }
    ObjectNode context = issueContext(parent).put("source", "issue.children_completed").put("completedChildIssueId",
        child.id);
    context.set("childIssueIds", JsonNodes.array(children.stream().map(each -> each.id).toList()));
    ArrayNode summaries = context.putArray("childIssueSummaries");
    for (IssueEntity each : children) {
      ObjectNode summary = summaries.addObject();
      summary.setAll(IssueJsonRenderer.renderRelated(each));
      summary.put("updatedAt", JsonNodes.time(each.updatedAt));
      summary.put("summary", each.comments.isEmpty() ? null : each.comments.get(each.comments.size() - 1).body());
    }
    context.put("childIssueSummaryTruncated", false);
    pendingWakes.add(parent.assigneeAgentId, WakeSpec.automation("issue_children_completed", requestActor, context));
  }

  private void addUnblockOwnerWake(IssueEntity issueEntity, PendingWakes pendingWakes) {
    if (issueEntity.status() != IssueStatus.BLOCKED || issueEntity.unblockDescriptor == null
        || issueEntity.blockedOwnerNotifiedAt != null) {
      return;
    }
    String owner = JsonNodes.text(issueEntity.unblockDescriptor.path("owner"), "agentId");
    if (owner != null) {
      issueEntity.blockedOwnerNotifiedAt = server.now();
      pendingWakes.add(owner, WakeSpec.automation("issue_unblock_requested", issueContext(issueEntity)));
    }
  }

  static ObjectNode issueContext(IssueEntity issueEntity) {
    return JsonNodes.object().put("issueId", issueEntity.id).put("taskId", issueEntity.id);
  }
}
