package io.heartbeat4j.host.observability;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.heartbeat4j.heartbeat.event.PlainText;
import io.heartbeat4j.host.run.HostedRun;
import io.heartbeat4j.host.run.RunListener;
import io.heartbeat4j.host.run.RunResult;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A line for each run that comes, for each of its steps, and for its end: with agent, run and issue on every one. */
public final class RunEventLogger implements RunListener {

  private final PrintStream out;
  private final boolean json;
  private final Clock clock;

  /** @param json one JSON object a line, else a line for a person */
  public RunEventLogger(PrintStream out, boolean json, Clock clock) {
    this.out = out;
    this.json = json;
    this.clock = clock;
  }

  @Override
  public void accepted(HostedRun run) {
    write(run, clock.instant(), "accepted", Map.of(
        "message",
        "by " + run.channel().name().toLowerCase(Locale.ROOT) + ", woken by " + run.facts().describeReason()));
  }

  @Override
  public void stepped(HostedRun run, HeartbeatEvent event) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("step", event.step().number());
    fields.put("name", event.step().title());
    fields.put("kind", event.kind().name().toLowerCase(Locale.ROOT));
    fields.put("message", event.message());
    write(run, event.at(), "step", fields);
  }

  @Override
  public void ended(HostedRun run, RunResult result) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("phase", result.phase().wireName());
    fields.put("message",
        result.error() != null ? result.error() : result.output().isEmpty() ? "idle" : result.output());
    if (result.hasUsage()) {
      fields.put("tokens", result.inputTokens() + result.cachedInputTokens() + result.outputTokens());
      fields.put("costUsd", result.costUsd());
    }
    write(run, result.at(), "ended", fields);
  }

  private void write(HostedRun run, Instant at, String event, Map<String, Object> fields) {
    out.println(json
        ? json(at, run.agent().displayName(), run.id().toString(),
            run.issue().isEmpty() ? null : run.facts().taskLabel(),
            event, fields)
        : textLine(run, event, fields));
  }

  private static String textLine(HostedRun run, String event, Map<String, Object> fields) {
    Object step = fields.get("step");
    return run.agent().displayName() + " " + run.id().toString().substring(0, 8) + " " + run.facts().taskLabel() + " "
        + (step == null ? event + ": " : step + " " + fields.get("name") + ": ")
        + PlainText.line(String.valueOf(fields.get("message")));
  }

  /** A line of the log, with agent, run and issue where it is of one. */
  static String json(
      Instant at, @Nullable String agent, @Nullable String run, @Nullable String issue, String event,
      Map<String, Object> fields) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("at", at.toString());
    line.put("agent", agent);
    line.put("run", run);
    line.put("issue", issue);
    line.put("event", event);
    line.putAll(fields);
    try {
      return ProtocolJson.mapper().writeValueAsString(line);
    } catch (JsonProcessingException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }
}
