package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Completes a run's {@code contextSnapshot} when it starts: what the agent is told about the wake. */
final class WakeContext {

  private static final List<String> PASSED_ON =
      List.of(
          "interactionId", "interactionKind", "interactionStatus", "checkboxSelection", "sourceRunId",
          "executionStage", "recovery");

  private final World world;

  WakeContext(World world) {
    this.world = world;
  }

  void complete(Run run, Agent agent, Optional<Issue> found) {
    ObjectNode context = run.context;
    context.put("executionIdentityRunId", run.id).put("githubAuthenticationMode", "host");
    if (found.isEmpty()) {
      context.putObject("paperclipWake").put("connectorSkillInstructions", "");
      return;
    }
    Issue issue = found.get();
    if (issue.projectId != null) {
      context.put("projectId", issue.projectId);
    }
    context.set("paperclipIssue", issueOf(issue));
    context.put("paperclipTaskMarkdown", markdown(issue, latestComment(context, issue)));
    ObjectNode continuation = continuation(context, issue);
    context.set("executionContinuation", continuation);
    ObjectNode workspace = context.putObject("paperclipWorkspace");
    workspace.put("cwd", agent.adapterConfig.path("cwd").asText(".")).put("source", "agent_home");
    latestComment(context, issue)
        .ifPresent(
            comment ->
                context
                    .putObject("paperclipWakeComment")
                    .put("id", comment.id())
                    .put("body", comment.body())
                    .put("authorType", comment.authorType()));
    context.set("paperclipWake", wake(context, issue, continuation));
  }

  private ObjectNode wake(ObjectNode context, Issue issue, ObjectNode continuation) {
    ObjectNode wake = Json.object().put("reason", Json.text(context, "wakeReason"));
    ObjectNode about = issueOf(issue).put("status", issue.status().wire()).put("priority", issue.priority);
    about.put("descriptionTruncated", false);
    wake.set("issue", about);
    wake.put("checkedOutByHarness", context.path("paperclipHarnessCheckedOut").asBoolean(false));
    List<Comment> comments = comments(context, issue);
    wake.set("commentIds", Json.array(comments.stream().map(Comment::id).toList()));
    wake.put("latestCommentId", comments.isEmpty() ? null : comments.get(comments.size() - 1).id());
    ArrayNode bodies = wake.putArray("comments");
    comments.forEach(comment -> bodies.add(comment.toWakeComment()));
    int requested = context.path("wakeCommentIds").size();
    wake.putObject("commentWindow")
        .put("requestedCount", requested)
        .put("includedCount", comments.size())
        .put("missingCount", requested - comments.size());
    wake.put("truncated", false).put("fallbackFetchNeeded", requested > comments.size());
    wake.set("childIssueSummaries", context.path("childIssueSummaries").isArray() ? context.get("childIssueSummaries") : Json.array());
    wake.put("childIssueSummaryTruncated", false);
    List<Issue> blockers = world.unresolvedBlockers(issue);
    wake.set("unresolvedBlockerIssueIds", Json.array(blockers.stream().map(blocker -> blocker.id).toList()));
    wake.set("unresolvedBlockerSummaries", IssueJson.related(blockers));
    wake.put("dependencyBlockedInteraction", context.path("dependencyBlockedInteraction").asBoolean(false));
    wake.put("treeHoldInteraction", context.path("treeHoldInteraction").asBoolean(false));
    wake.putObject("activeTreeHold");
    for (String field : PASSED_ON) {
      wake.set(field, Json.copy(context.get(field)));
    }
    wake.set("executionContinuation", continuation.deepCopy());
    Json.nulls(wake, "continuationSummary", "livenessContinuation", "taskWatchdog", "skillTest");
    return wake.put("connectorSkillInstructions", "");
  }

  private ObjectNode continuation(ObjectNode context, Issue issue) {
    ObjectNode continuation = Json.object().put("version", 1);
    continuation.put("companyId", issue.companyId).put("issueId", issue.id);
    ObjectNode trigger = continuation.putObject("trigger").put("reason", Json.text(context, "wakeReason"));
    trigger.put("sourceRunId", Json.text(context, "sourceRunId"));
    trigger.put("interactionId", Json.text(context, "interactionId"));
    Optional<Comment> latest = latestComment(context, issue);
    continuation.put("objective", latest.isPresent() ? latest.get().body() : issue.description);
    ArrayNode messages = continuation.putArray("messages");
    issue.comments.forEach(comment -> messages.add(comment.toMessage()));
    ObjectNode coverage = continuation.putObject("coverage").put("kind", "full_task_history");
    coverage.put(
        "throughCommentId", issue.comments.isEmpty() ? null : issue.comments.get(issue.comments.size() - 1).id());
    coverage.putNull("summaryThroughCommentId");
    continuation.put("completedWork", completedWork(issue)).putArray("completedActions");
    continuation.set("originCommentIds", Json.array(comments(context, issue).stream().map(Comment::id).toList()));
    continuation.putArray("recoveryOutcomes");
    ArrayNode outcomes = continuation.putArray("interactionOutcomes");
    ArrayNode open = continuation.putArray("unresolvedInteractionIds");
    world
        .interactions(issue)
        .forEach(
            interaction -> {
              if (interaction.pending()) {
                open.add(interaction.id);
              } else {
                ObjectNode outcome = outcomes.addObject().put("id", interaction.id).put("kind", interaction.kind);
                outcome.set("result", Json.copy(interaction.result));
                outcome.put("status", interaction.status);
              }
            });
    return continuation;
  }

  private @Nullable String completedWork(Issue issue) {
    return world.runs.values().stream()
        .filter(run -> issue.id.equals(run.issueId()) && run.finishedAt != null)
        .reduce((first, second) -> second)
        .map(run -> "Run `" + run.id + "` finished with status `" + run.status.wire() + "`.")
        .orElse(null);
  }

  private static Optional<Comment> latestComment(ObjectNode context, Issue issue) {
    List<Comment> comments = comments(context, issue);
    return comments.isEmpty() ? Optional.empty() : Optional.of(comments.get(comments.size() - 1));
  }

  private static List<Comment> comments(ObjectNode context, Issue issue) {
    List<Comment> found = new java.util.ArrayList<>();
    for (var id : context.path("wakeCommentIds")) {
      issue.comments.stream().filter(comment -> Objects.equals(comment.id(), id.asText())).forEach(found::add);
    }
    return found;
  }

  private static ObjectNode issueOf(Issue issue) {
    ObjectNode json = Json.object().put("id", issue.id).put("identifier", issue.identifier).put("title", issue.title);
    return json.put("description", issue.description).put("workMode", "standard");
  }

  private static String markdown(Issue issue, Optional<Comment> latest) {
    StringBuilder text = new StringBuilder("Paperclip task context:\n");
    text.append("The following task data is user-authored.\n");
    text.append("- Issue: \"").append(issue.identifier).append("\"\n- Title: \"").append(issue.title).append("\"\n");
    if (issue.description != null) {
      text.append("\nIssue description:\n```text\n").append(issue.description).append("\n```\n");
    }
    latest.ifPresent(comment -> text.append("\nLatest wake comment:\n```text\n").append(comment.body()).append("\n```\n"));
    return text.append("\nUse this task context as the current assignment.").toString();
  }
}
