package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Renders a run as JSON. */
final class RunJsonRenderer {

  private RunJsonRenderer() {}

  static ObjectNode render(RunEntity runEntity) {
    ObjectNode json = JsonNodes.object();
    json.put("id", runEntity.id).put("companyId", runEntity.companyId).put("agentId", runEntity.agentId);
    json.put("invocationSource", runEntity.source).put("triggerDetail", runEntity.triggerDetail).put("status",
        runEntity.status.wireName());
    json.put("responsibleUserId", RequestActor.BOARD_USER).putNull("activeIdentityContextId");
    json.put("startedAt", JsonNodes.time(runEntity.startedAt)).put("finishedAt", JsonNodes.time(runEntity.finishedAt));
    json.put("error", runEntity.error).put("wakeupRequestId", runEntity.wakeupRequestId);
    json.put("exitCode", runEntity.exitCode).put("signal", runEntity.signal).putNull("usageJson");
    json.set("resultJson", JsonNodes.copyOrNull(renderResult(runEntity)));
    json.put("runtimeMode", "legacy");
    json.put("logStore", runEntity.startedAt == null ? null : "local_file").put("logCompressed", false);
    json.put("stdoutExcerpt", runEntity.stdout).put("stderrExcerpt", runEntity.stderr).put("errorCode",
        runEntity.errorCode);
    JsonNodes.putNulls(json, "externalRunId", "processGroupId", "processStartedAt", "lastOutputAt");
    Long pid = runEntity.runExecution == null ? null : runEntity.runExecution.processId().orElse(null);
    json.put("processPid", pid).put("retryOfRunId", runEntity.retryOfRunId);
    json.put("processLossRetryCount", 0).putNull("scheduledRetryAt").put("scheduledRetryAttempt", 0);
    json.putNull("scheduledRetryReason").put("issueCommentStatus", runEntity.issueCommentStatus);
    json.put("issueCommentSatisfiedByCommentId", runEntity.satisfiedByCommentId);
    json.put("livenessState", runEntity.livenessState);
    json.put("continuationAttempt", 0).putNull("nextAction");
    json.set("contextSnapshot", runEntity.context.deepCopy());
    json.put("createdAt", JsonNodes.time(runEntity.createdAt)).put("updatedAt", JsonNodes.time(runEntity.updatedAt));
    return json;
  }

  /** The {@code activeRun} in lists of issues. */
  static ObjectNode renderActive(RunEntity runEntity) {
    ObjectNode json = JsonNodes.object();
    json.put("id", runEntity.id).put("status", runEntity.status.wireName()).put("agentId", runEntity.agentId);
    json.put("invocationSource", runEntity.source).put("triggerDetail", runEntity.triggerDetail);
    json.put("startedAt", JsonNodes.time(runEntity.startedAt)).put("finishedAt", JsonNodes.time(runEntity.finishedAt));
    return json.put("createdAt", JsonNodes.time(runEntity.createdAt));
  }

  private static @org.jspecify.annotations.Nullable ObjectNode renderResult(RunEntity runEntity) {
    boolean cancelled = runEntity.status == RunStatus.CANCELLED;
    if (runEntity.isLive() || (runEntity.stdout == null && !cancelled)) {
      return null;
    }
    ObjectNode result = JsonNodes.object().put("stdout", runEntity.stdout).put("stderr", runEntity.stderr);
    return result.put("stopReason", runEntity.status == RunStatus.SUCCEEDED ? "completed"
        : cancelled ? stopReason(runEntity.error) : runEntity.status.wireName());
  }

  /** As the server infers it from its own words. */
  private static String stopReason(@org.jspecify.annotations.Nullable String error) {
    String words = error == null ? "" : error;
    return words.contains("budget") ? "budget_paused" : words.contains("pause") ? "paused" : "cancelled";
  }
}
