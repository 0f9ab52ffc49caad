package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whom a write to an issue wakes: the assignee, those mentioned, those who waited for it. */
final class AfterWrite {

  private static final String REVIEW_PATH_LOST =
      "This issue is still in review but its last maintained review path was consumed. Restore a reviewer, interaction,"
          + " approval, monitor, or other durable waiting path, or choose an explicit disposition. This is the only"
          + " automatic review-path recovery wake for this fingerprint.";

  private final World world;
  private final Wakes wakes;
  private final RunEnd runEnd;

  AfterWrite(World world, Wakes wakes, RunEnd runEnd) {
    this.world = world;
    this.wakes = wakes;
    this.runEnd = runEnd;
  }

  /** One wake per agent and issue; a later one replaces an earlier one. */
  private final class Wishes {

    private record Key(String agentId, String issueId) {}

    private final Map<Key, WakeSpec> specs = new LinkedHashMap<>();

    void add(@Nullable String agentId, WakeSpec spec) {
      if (agentId != null) {
        specs.put(new Key(agentId, spec.context().path("issueId").asText()), spec);
      }
    }

    void send() {
      specs.forEach((key, spec) -> wakes.wake(key.agentId, spec));
    }
  }

  void created(Issue issue, Actor actor) {
    if (issue.assigneeAgentId == null || issue.status() == Status.BACKLOG || issue.status().closed()) {
      return;
    }
    ObjectNode context = about(issue).put("source", "issue.create");
    wakes.wake(issue.assigneeAgentId, WakeSpec.assignment(actor, context));
  }

  /** @param stage the wake of whoever has the next word in a review, in place of the new assignee's */
  void updated(Issue issue, IssueState before, Actor actor, Optional<Comment> comment, Optional<WakeSpec> stage) {
    Wishes wishes = new Wishes();
    boolean reassigned =
        !java.util.Objects.equals(before.assigneeAgentId(), issue.assigneeAgentId)
            || !java.util.Objects.equals(before.assigneeUserId(), issue.assigneeUserId);
    stage.ifPresent(spec -> wishes.add(issue.assigneeAgentId, spec));
    if (stage.isEmpty() && reassigned && issue.assigneeAgentId != null && issue.status() != Status.BACKLOG) {
      ObjectNode context = about(issue).put("source", "issue.update");
      comment.ifPresent(each -> context.put("commentId", each.id()));
      wishes.add(issue.assigneeAgentId, WakeSpec.assignment(actor, context));
    }
    boolean reopened = comment.isPresent() && resumedByComment(issue, before, actor);
    if (!reassigned && !reopened && resumed(issue, before, actor)) {
      ObjectNode context = about(issue).put("source", "issue.status_change");
      wishes.add(issue.assigneeAgentId, WakeSpec.automation("issue_status_changed", actor, context));
    }
    comment.ifPresent(each -> commented(issue, actor, each, reassigned, reopened ? before.status() : null, wishes));
    statusMoved(issue, before, actor, wishes);
    unblockOwner(issue, wishes);
    wishes.send();
    if (reassigned) {
      runEnd.promote(issue, Optional.empty());
    }
  }

  /** A comment of its own, not part of an update; reopened is the status that it ended, if it did. */
  void commented(Issue issue, Actor actor, Comment comment, @Nullable Status reopenedFrom) {
    Wishes wishes = new Wishes();
    commented(issue, actor, comment, false, reopenedFrom, wishes);
    wishes.send();
  }

  private static boolean resumedByComment(Issue issue, IssueState before, Actor actor) {
    boolean rested = before.status().closed() || before.status() == Status.BLOCKED;
    return actor instanceof Actor.BoardActor && rested && issue.status() == Status.TODO;
  }

  private static boolean resumed(Issue issue, IssueState before, Actor actor) {
    Status now = issue.status();
    if (issue.assigneeAgentId == null || before.status() == now) {
      return false;
    }
    return switch (before.status()) {
      case BACKLOG -> true;
      case BLOCKED, DONE, CANCELLED -> now == Status.TODO;
      case IN_REVIEW -> now == Status.TODO && actor instanceof Actor.BoardActor;
      case TODO, IN_PROGRESS -> false;
    };
  }

  private void commented(
      Issue issue, Actor actor, Comment comment, boolean reassigned, @Nullable Status reopenedFrom, Wishes wishes) {
    Optional<Interaction> superseded = comment.byUser() ? supersede(issue, comment) : Optional.empty();
    boolean own = actor instanceof Actor.AgentActor agent && agent.is(issue.assigneeAgentId);
    boolean wakesAssignee = !own && (reopenedFrom != null || !issue.status().closed());
    if (wakesAssignee && !reassigned) {
      ObjectNode context = about(issue).put("commentId", comment.id());
      String reason = reopenedFrom == null ? "issue_commented" : "issue_reopened_via_comment";
      context.put("source", reopenedFrom == null ? "issue.comment" : "issue.comment.reopen");
      if (reopenedFrom != null) {
        context.put("reopenedFrom", reopenedFrom.wire());
      }
      if (superseded.isPresent() && lostItsReview(issue)) {
        context.put("reviewPathLost", true).put("reviewPathConsumedRef", superseded.get().id);
        context.put("reviewPathInstruction", REVIEW_PATH_LOST);
      }
      wishes.add(issue.assigneeAgentId, WakeSpec.automation(reason, actor, context));
    }
    for (String mentioned : Mentions.agentIds(comment.body())) {
      boolean self = actor instanceof Actor.AgentActor agent && agent.is(mentioned);
      boolean here = world.agentOf(mentioned).filter(agent -> agent.companyId.equals(issue.companyId)).isPresent();
      if (!self && here) {
        ObjectNode context = about(issue).put("commentId", comment.id()).put("source", "comment.mention");
        wishes.add(mentioned, WakeSpec.automation("issue_comment_mentioned", actor, context));
      }
    }
  }

  /** A person's comment expires the cards that a person's comment supersedes; the last of them. */
  private Optional<Interaction> supersede(Issue issue, Comment comment) {
    List<Interaction> superseded =
        world
            .interactions(issue)
            .filter(card -> card.pending() && card.payload.path("supersedeOnUserComment").asBoolean(false))
            .toList();
    for (Interaction card : superseded) {
      ObjectNode result = Json.object().put("version", 1);
      if (card.kind.equals("ask_user_questions")) {
        result.putArray("answers");
        result.put("expirationReason", "superseded_by_comment");
      } else {
        result.put("outcome", "superseded_by_comment");
      }
      expire(card, result.put("commentId", comment.id()));
    }
    return superseded.isEmpty() ? Optional.empty() : Optional.of(superseded.get(superseded.size() - 1));
  }

  private void expire(Interaction card, ObjectNode result) {
    Instant now = world.now();
    card.status = "expired";
    card.result = result;
    card.resolvedByUserId = Actor.BOARD_USER;
    card.resolvedAt = now;
    card.updatedAt = now;
  }

  boolean lostItsReview(Issue issue) {
    return issue.status() == Status.IN_REVIEW && !ReviewPath.exists(world, issue);
  }

  private void statusMoved(Issue issue, IssueState before, Actor actor, Wishes wishes) {
    Status now = issue.status();
    if (before.status() == now) {
      return;
    }
    if (now == Status.DONE) {
      dependents(issue, actor, wishes);
    }
    if (now == Status.BLOCKED && !issue.blockedBy.isEmpty() && world.unresolvedBlockers(issue).isEmpty()) {
      blockersResolved(issue, issue.blockedBy.get(0), actor, wishes);
    }
    if (now.closed() && !before.status().closed()) {
      world
          .interactions(issue)
          .filter(Interaction::pending)
          .toList()
          .forEach(card -> expire(card, Json.object().put("version", 1).put("outcome", "issue_closed")));
      if (issue.parentId != null) {
        childrenCompleted(issue, actor, wishes);
      }
    }
  }

  private void dependents(Issue done, Actor actor, Wishes wishes) {
    for (Issue issue : world.issues.values()) {
      boolean rests = issue.status() == Status.BACKLOG || issue.status().closed();
      if (issue.blockedBy.contains(done.id) && !rests && world.unresolvedBlockers(issue).isEmpty()) {
        blockersResolved(issue, done.id, actor, wishes);
      }
    }
  }

  private static void blockersResolved(Issue issue, String blockerId, Actor actor, Wishes wishes) {
    ObjectNode context = about(issue).put("source", "issue.blockers_resolved").put("resolvedBlockerIssueId", blockerId);
    context.set("blockerIssueIds", Json.array(issue.blockedBy));
    wishes.add(issue.assigneeAgentId, WakeSpec.automation("issue_blockers_resolved", actor, context));
  }

  private void childrenCompleted(Issue child, Actor actor, Wishes wishes) {
    Issue parent = child.parentId == null ? null : world.issues.get(child.parentId);
    if (parent == null || parent.status() == Status.BACKLOG || parent.status().closed()) {
      return;
    }
    List<Issue> children = world.children(parent).toList();
    if (!children.stream().allMatch(each -> each.status().closed())) {
      return;
    }
    ObjectNode context = about(parent).put("source", "issue.children_completed").put("completedChildIssueId", child.id);
    context.set("childIssueIds", Json.array(children.stream().map(each -> each.id).toList()));
    ArrayNode summaries = context.putArray("childIssueSummaries");
    for (Issue each : children) {
      ObjectNode summary = summaries.addObject();
      summary.setAll(IssueJson.related(each));
      summary.put("updatedAt", Json.time(each.updatedAt));
      summary.put("summary", each.comments.isEmpty() ? null : each.comments.get(each.comments.size() - 1).body());
    }
    context.put("childIssueSummaryTruncated", false);
    wishes.add(parent.assigneeAgentId, WakeSpec.automation("issue_children_completed", actor, context));
  }

  private void unblockOwner(Issue issue, Wishes wishes) {
    if (issue.status() != Status.BLOCKED || issue.unblockDescriptor == null || issue.blockedOwnerNotifiedAt != null) {
      return;
    }
    String owner = Json.text(issue.unblockDescriptor.path("owner"), "agentId");
    if (owner != null) {
      issue.blockedOwnerNotifiedAt = world.now();
      wishes.add(owner, WakeSpec.automation("issue_unblock_requested", about(issue)));
    }
  }

  static ObjectNode about(Issue issue) {
    return Json.object().put("issueId", issue.id).put("taskId", issue.id);
  }
}
