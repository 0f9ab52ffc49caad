package io.heartbeat4j.host.seen;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.heartbeat4j.host.run.Ending;
import io.heartbeat4j.host.run.HostedRun;
import io.heartbeat4j.host.run.RunsListener;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A line for each run that comes, for each of its steps, and for its end: with agent, run and issue on every one. */
public final class HostLog implements RunsListener {

  private final PrintStream out;
  private final boolean json;
  private final Clock clock;

  /** @param json one JSON object a line, else a line for a person */
  public HostLog(PrintStream out, boolean json, Clock clock) {
    this.out = out;
    this.json = json;
    this.clock = clock;
  }

  @Override
  public void accepted(HostedRun run) {
    write(run, clock.instant(), "accepted", Map.of(
        "message", "by " + run.way().name().toLowerCase(Locale.ROOT) + ", woken by " + run.facts().describeReason()));
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
  public void ended(HostedRun run, Ending ending) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("phase", ending.phase().wire());
    fields.put("message", ending.error() != null ? ending.error() : ending.output().isEmpty() ? "idle" : ending.output());
    if (ending.usedAnything()) {
      fields.put("tokens", ending.inputTokens() + ending.cachedInputTokens() + ending.outputTokens());
      fields.put("costUsd", ending.costUsd());
    }
    write(run, ending.at(), "ended", fields);
  }

  private void write(HostedRun run, Instant at, String event, Map<String, Object> fields) {
    out.println(json
        ? json(at, run.agent().name(), run.id().toString(), run.issue().isEmpty() ? null : run.facts().taskLabel(), event, fields)
        : text(run, event, fields));
  }

  private static String text(HostedRun run, String event, Map<String, Object> fields) {
    Object step = fields.get("step");
    return run.agent().name() + " " + run.id().toString().substring(0, 8) + " " + run.facts().taskLabel() + " "
        + (step == null ? event + ": " : step + " " + fields.get("name") + ": ")
        + String.valueOf(fields.get("message")).replace("\n", " ");
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
