package io.heartbeat4j.host.gateway;

import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.heartbeat4j.host.run.Admission.RunView;
import io.heartbeat4j.host.run.Ending;
import io.heartbeat4j.host.run.RunEvent;
import io.heartbeat4j.protocol.RunId;
import io.vertx.core.json.JsonObject;
import java.util.Locale;

/**
 * Runs and their events in the words of Paperclip's {@code hermes_gateway} adapter. It takes {@code output}, {@code
 * result}, {@code text}, {@code summary} and {@code message} of the end for what the agent has to say, and posts it as a
 * comment where the run wrote none: so none of these is there unless it is meant.
 */
final class RunJson {

  private RunJson() {}

  static JsonObject of(RunView run) {
    Ending ending = run.ending();
    return ending == null
        ? new JsonObject().put("run_id", run.id().toString()).put("status", run.phase().wire())
        : ended(run.id(), ending);
  }

  static JsonObject ended(RunId run, Ending ending) {
    JsonObject json = new JsonObject().put("run_id", run.toString()).put("status", ending.phase().wire());
    if (!ending.output().isEmpty()) {
      json.put("output", ending.output());
    }
    if (ending.error() != null) {
      json.put("error", ending.error()).put("output", ending.error());
    }
    if (ending.usedAnything()) {
      json.put("usage", new JsonObject()
              .put("input_tokens", ending.inputTokens())
              .put("cached_input_tokens", ending.cachedInputTokens())
              .put("output_tokens", ending.outputTokens()))
          .put("cost_usd", ending.costUsd());
    }
    if (ending.model() != null) {
      json.put("model", ending.model());
    }
    if (ending.session() != null) {
      json.put("session_id", ending.session());
    } else if (ending.usedAnything()) {
      // else Paperclip takes all runs of the agent for one session, whose usage it shows as the difference to the last run's
      json.put("session_id", run.toString());
    }
    return json;
  }

  static JsonObject of(RunId run, RunEvent event) {
    return switch (event) {
      case RunEvent.Text(HeartbeatEvent step) ->
          new JsonObject().put("event", "message.delta").put("delta", line(step) + "\n");
      case RunEvent.Stepped(HeartbeatEvent step) -> step(step);
      case RunEvent.Ended(Ending ending) -> ended(run, ending).put("event", "run." + ending.phase().wire());
    };
  }

  static JsonObject step(HeartbeatEvent step) {
    JsonObject json = new JsonObject()
        .put("event", "heartbeat.step")
        .put("at", step.at().toString())
        .put("step", step.step().number())
        .put("name", step.step().title())
        .put("kind", step.kind().name().toLowerCase(Locale.ROOT));
    step.issue().ifPresent(issue -> json.put("issue", issue));
    return json.put("detail", step.message());
  }

  /** A step as a line of a log. */
  static String line(HeartbeatEvent step) {
    if (step.kind() == HeartbeatEvent.Kind.PROGRESS) {
      return step.message();
    }
    return step.step().number() + " " + step.step().title() + step.issue().map(issue -> " " + issue).orElse("") + ": "
        + (step.kind() == HeartbeatEvent.Kind.SESSION ? "session " : "") + step.message();
  }
}
