package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** The shapes in which answers show a run. */
final class RunJson {

  private RunJson() {}

  static ObjectNode row(Run run) {
    ObjectNode json = Json.object();
    json.put("id", run.id).put("companyId", run.companyId).put("agentId", run.agentId);
    json.put("invocationSource", run.source).put("triggerDetail", run.triggerDetail).put("status", run.status.wire());
    json.put("responsibleUserId", Actor.BOARD_USER).putNull("activeIdentityContextId");
    json.put("startedAt", Json.time(run.startedAt)).put("finishedAt", Json.time(run.finishedAt));
    json.put("error", run.error).put("wakeupRequestId", run.wakeupRequestId);
    json.put("exitCode", run.exitCode).put("signal", run.signal).putNull("usageJson");
    json.set("resultJson", Json.copy(result(run)));
    json.put("runtimeMode", "legacy");
    json.put("logStore", run.startedAt == null ? null : "local_file").put("logCompressed", false);
    json.put("stdoutExcerpt", run.stdout).put("stderrExcerpt", run.stderr).put("errorCode", run.errorCode);
    Json.nulls(json, "externalRunId", "processGroupId", "processStartedAt", "lastOutputAt");
    Long pid = run.execution == null ? null : run.execution.processId().orElse(null);
    json.put("processPid", pid).put("retryOfRunId", run.retryOfRunId);
    json.put("processLossRetryCount", 0).putNull("scheduledRetryAt").put("scheduledRetryAttempt", 0);
    json.putNull("scheduledRetryReason").put("issueCommentStatus", run.issueCommentStatus);
    json.put("issueCommentSatisfiedByCommentId", run.satisfiedByCommentId);
    json.put("livenessState", run.livenessState);
    json.put("continuationAttempt", 0).putNull("nextAction");
    json.set("contextSnapshot", run.context.deepCopy());
    json.put("createdAt", Json.time(run.createdAt)).put("updatedAt", Json.time(run.updatedAt));
    return json;
  }

  /** As lists of issues show the run that works on them. */
  static ObjectNode active(Run run) {
    ObjectNode json = Json.object();
    json.put("id", run.id).put("status", run.status.wire()).put("agentId", run.agentId);
    json.put("invocationSource", run.source).put("triggerDetail", run.triggerDetail);
    json.put("startedAt", Json.time(run.startedAt)).put("finishedAt", Json.time(run.finishedAt));
    return json.put("createdAt", Json.time(run.createdAt));
  }

  private static @org.jspecify.annotations.Nullable ObjectNode result(Run run) {
    if (run.live() || run.stdout == null) {
      return null;
    }
    ObjectNode result = Json.object().put("stdout", run.stdout).put("stderr", run.stderr);
    return result.put("stopReason", run.status == RunStatus.SUCCEEDED ? "completed" : run.status.wire());
  }
}
