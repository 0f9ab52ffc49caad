package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Adds issue, comments and wake to the {@code contextSnapshot} of a run when it starts. */
final class RunContextSnapshotBuilder {

  private static final List<String> COPIED_FIELDS = List.of(
      "interactionId", "interactionKind", "interactionStatus", "checkboxSelection", "sourceRunId",
      "executionStage", "recovery");

  private final ServerState server;

  RunContextSnapshotBuilder(ServerState server) {
    this.server = server;
  }

  void complete(RunEntity runEntity, AgentEntity agentEntity, Optional<IssueEntity> found) {
    ObjectNode context = runEntity.context;
    context.put("executionIdentityRunId", runEntity.id).put("githubAuthenticationMode", "host");
    if (found.isEmpty()) {
      context.putObject("paperclipWake").put("connectorSkillInstructions", "");
      return;
    }
    IssueEntity issueEntity = found.get();
    if (issueEntity.projectId != null) {
      context.put("projectId", issueEntity.projectId);
    }
    context.set("paperclipIssue", issueOf(issueEntity));
    context.put("paperclipTaskMarkdown", markdown(issueEntity, latestComment(context, issueEntity)));
    ObjectNode continuation = continuation(context, issueEntity);
    context.set("executionContinuation", continuation);
    ObjectNode workspace = context.putObject("paperclipWorkspace");
    workspace.put("cwd", agentEntity.adapterConfig.path("cwd").asText(".")).put("source", "agent_home");
    latestComment(context, issueEntity)
        .ifPresent(
            commentEntity -> context
                .putObject("paperclipWakeComment")
                .put("id", commentEntity.id())
                .put("body", commentEntity.body())
                .put("authorType", commentEntity.authorType()));
    context.set("paperclipWake", wake(context, issueEntity, continuation));
  }

  private ObjectNode wake(ObjectNode context, IssueEntity issueEntity, ObjectNode continuation) {
    ObjectNode wake = JsonNodes.object().put("reason", JsonNodes.text(context, "wakeReason"));
    ObjectNode about = issueOf(issueEntity).put("status", issueEntity.status().wireName()).put("priority",
        issueEntity.priority);
    about.put("descriptionTruncated", false);
    wake.set("issue", about);
    wake.put("checkedOutByHarness", context.path("paperclipHarnessCheckedOut").asBoolean(false));
    List<CommentEntity> comments = issueEntity.wakeComments(context);
    wake.set("commentIds", JsonNodes.array(comments.stream().map(CommentEntity::id).toList()));
    wake.put("latestCommentId", comments.isEmpty() ? null : comments.get(comments.size() - 1).id());
    ArrayNode bodies = wake.putArray("comments");
    comments.forEach(commentEntity -> bodies.add(commentEntity.toWakeComment()));
    int requested = context.path("wakeCommentIds").size();
    wake.putObject("commentWindow")
        .put("requestedCount", requested)
        .put("includedCount", comments.size())
        .put("missingCount", requested - comments.size());
    wake.put("truncated", false).put("fallbackFetchNeeded", requested > comments.size());
    wake.set("childIssueSummaries",
        context.path("childIssueSummaries").isArray() ? context.get("childIssueSummaries") : JsonNodes.array());
    wake.put("childIssueSummaryTruncated", false);
    List<IssueEntity> blockers = server.unresolvedBlockers(issueEntity);
    wake.set("unresolvedBlockerIssueIds", JsonNodes.array(blockers.stream().map(blocker -> blocker.id).toList()));
    wake.set("unresolvedBlockerSummaries", IssueJsonRenderer.renderRelated(blockers));
    wake.put("dependencyBlockedInteraction", context.path("dependencyBlockedInteraction").asBoolean(false));
    wake.put("treeHoldInteraction", context.path("treeHoldInteraction").asBoolean(false));
    wake.putObject("activeTreeHold");
    for (String field : COPIED_FIELDS) {
      wake.set(field, JsonNodes.copyOrNull(context.get(field)));
    }
    wake.set("executionContinuation", continuation.deepCopy());
    JsonNodes.putNulls(wake, "continuationSummary", "livenessContinuation", "taskWatchdog", "skillTest");
    return wake.put("connectorSkillInstructions", "");
  }

  private ObjectNode continuation(ObjectNode context, IssueEntity issueEntity) {
    ObjectNode continuation = JsonNodes.object().put("version", 1);
    continuation.put("companyId", issueEntity.companyId).put("issueId", issueEntity.id);
    ObjectNode trigger = continuation.putObject("trigger").put("reason", JsonNodes.text(context, "wakeReason"));
    trigger.put("sourceRunId", JsonNodes.text(context, "sourceRunId"));
    trigger.put("interactionId", JsonNodes.text(context, "interactionId"));
    Optional<CommentEntity> latest = latestComment(context, issueEntity);
    continuation.put("objective", latest.isPresent() ? latest.get().body() : issueEntity.description);
    ArrayNode messages = continuation.putArray("messages");
    issueEntity.comments.forEach(commentEntity -> messages.add(commentEntity.toMessage()));
    ObjectNode coverage = continuation.putObject("coverage").put("kind", "full_task_history");
    coverage.put(
        "throughCommentId",
        issueEntity.comments.isEmpty() ? null : issueEntity.comments.get(issueEntity.comments.size() - 1).id());
    coverage.putNull("summaryThroughCommentId");
    continuation.put("completedWork", completedWork(issueEntity)).putArray("completedActions");
    continuation.set("originCommentIds",
        JsonNodes.array(issueEntity.wakeComments(context).stream().map(CommentEntity::id).toList()));
    continuation.putArray("recoveryOutcomes");
    ArrayNode outcomes = continuation.putArray("interactionOutcomes");
    ArrayNode open = continuation.putArray("unresolvedInteractionIds");
    server
        .interactions(issueEntity)
        .forEach(
            interactionEntity -> {
              if (interactionEntity.isPending()) {
                open.add(interactionEntity.id);
              } else {
                ObjectNode outcome = outcomes.addObject().put("id", interactionEntity.id).put("kind",
                    interactionEntity.kind);
                outcome.set("result", JsonNodes.copyOrNull(interactionEntity.result));
                outcome.put("status", interactionEntity.status);
              }
            });
    return continuation;
  }

  private @Nullable String completedWork(IssueEntity issueEntity) {
    return server.runs.values().stream()
        .filter(runEntity -> issueEntity.id.equals(runEntity.issueId()) && runEntity.finishedAt != null)
        .reduce((first, second) -> second)
        .map(runEntity -> "Run `" + runEntity.id + "` finished with status `" + runEntity.status.wireName() + "`.")
        .orElse(null);
  }

  private static Optional<CommentEntity> latestComment(ObjectNode context, IssueEntity issueEntity) {
    List<CommentEntity> comments = issueEntity.wakeComments(context);
    return comments.isEmpty() ? Optional.empty() : Optional.of(comments.get(comments.size() - 1));
  }

  private static ObjectNode issueOf(IssueEntity issueEntity) {
    ObjectNode json = JsonNodes.object().put("id", issueEntity.id).put("identifier", issueEntity.identifier)
        .put("title", issueEntity.title);
    return json.put("description", issueEntity.description).put("workMode", "standard");
  }

  private static String markdown(IssueEntity issueEntity, Optional<CommentEntity> latest) {
    StringBuilder text = new StringBuilder("Paperclip task context:\n");
    text.append("The following task data is user-authored.\n");
    text.append("- Issue: \"").append(issueEntity.identifier).append("\"\n- Title: \"").append(issueEntity.title)
        .append("\"\n");
    if (issueEntity.description != null) {
      text.append("\nIssue description:\n```text\n").append(issueEntity.description).append("\n```\n");
    }
    latest.ifPresent(commentEntity -> text.append("\nLatest wake comment:\n```text\n").append(commentEntity.body())
        .append("\n```\n"));
    return text.append("\nUse this task context as the current assignment.").toString();
  }
}
