package io.heartbeat4j.host.http;

import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.heartbeat4j.host.run.AdmissionResult.RunView;
import io.heartbeat4j.host.run.LogLine;
import io.heartbeat4j.host.run.RunEvent;
import io.heartbeat4j.host.run.RunResult;
import io.heartbeat4j.protocol.RunId;
import io.vertx.core.json.JsonObject;
import java.util.Locale;

/**
 * Runs and their events in the words of Paperclip's {@code hermes_gateway} adapter. It takes {@code output}, {@code
 * result}, {@code text}, {@code summary} and {@code message} of the end for what the agent has to say, and posts it as
 * a comment where the run wrote none: so none of these is there unless it is meant.
 */
final class GatewayRunRenderer {

  private GatewayRunRenderer() {}

  static JsonObject render(RunView run) {
    RunResult result = run.result();
    return result == null
        ? new JsonObject().put("run_id", run.id().toString()).put("status", run.phase().wireName())
        : renderResult(run.id(), result);
  }

  static JsonObject renderResult(RunId run, RunResult result) {
    JsonObject json = new JsonObject().put("run_id", run.toString()).put("status", result.phase().wireName());
    if (!result.output().isEmpty()) {
      json.put("output", result.output());
    }
    if (result.error() != null) {
      json.put("error", result.error()).put("output", result.error());
    }
    if (result.hasUsage()) {
      json.put("usage", new JsonObject()
          .put("input_tokens", result.inputTokens())
          .put("cached_input_tokens", result.cachedInputTokens())
          .put("output_tokens", result.outputTokens()))
          .put("cost_usd", result.costUsd());
    }
    if (result.model() != null) {
      json.put("model", result.model());
    }
    if (result.session() != null) {
      json.put("session_id", result.session());
    } else if (result.hasUsage()) {
      // else Paperclip takes all runs of the agent for one session, whose usage it shows as the difference to the last
      // run's
      json.put("session_id", run.toString());
    }
    return json;
  }

  static JsonObject render(RunId run, RunEvent event) {
    return switch (event) {
      case RunEvent.IssueOutput(HeartbeatEvent step) ->
        new JsonObject().put("event", "message.delta").put("delta", LogLine.describe(step) + "\n");
      case RunEvent.Stepped(HeartbeatEvent step) -> renderStep(step);
      case RunEvent.Ended(RunResult result) ->
        renderResult(run, result).put("event", "run." + result.phase().wireName());
    };
  }

  static JsonObject renderStep(HeartbeatEvent step) {
    JsonObject json = new JsonObject()
        .put("event", "heartbeat.step")
        .put("at", step.at().toString())
        .put("step", step.step().number())
        .put("name", step.step().title())
        .put("kind", step.kind().name().toLowerCase(Locale.ROOT));
    step.issue().ifPresent(issue -> json.put("issue", issue));
    return json.put("detail", step.message());
  }
}
