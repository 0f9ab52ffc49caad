package io.heartbeat4j.host.observability;

import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.heartbeat4j.host.run.HostedRun;
import io.heartbeat4j.host.run.RunListener;
import io.heartbeat4j.host.run.RunResult;
import io.heartbeat4j.protocol.RunId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The current and the last runs with their steps, for the live page; subscribers receive the changes. Confined to the
 * host's event loop.
 */
public final class LivePageModel implements RunListener {

  private static final int MAX_RUNS = 80;
  private static final int MAX_STEPS = 300;

  private final Map<RunId, RunEntry> entries = new LinkedHashMap<>();
  private final Set<Consumer<JsonObject>> subscribers = new LinkedHashSet<>();

  private static final class RunEntry {

    private final JsonObject facts;
    private final List<JsonObject> steps = new ArrayList<>();
    private boolean over;

    RunEntry(JsonObject facts) {
      this.facts = facts;
    }

    JsonObject json() {
      return facts.copy().put("steps", new JsonArray(new ArrayList<>(steps)));
    }
  }

  @Override
  public void accepted(HostedRun run) {
    RunEntry runEntry = new RunEntry(new JsonObject()
        .put("run", run.id().toString())
        .put("agent", run.agent().name())
        .put("issue", run.issue().isEmpty() ? null : run.facts().taskLabel())
        .put("reason", run.facts().describeReason())
        .put("way", run.channel().name().toLowerCase(Locale.ROOT))
        .put("accepted", run.acceptedAt().toString())
        .put("phase", "queued"));
    entries.put(run.id(), runEntry);
    evictOldest();
    publish(new JsonObject().put("type", "run").put("value", runEntry.json()));
  }

  @Override
  public void started(HostedRun run) {
    change(run, new JsonObject().put("phase", "running"));
  }

  @Override
  public void stepped(HostedRun run, HeartbeatEvent event) {
    RunEntry runEntry = entries.get(run.id());
    if (runEntry == null) {
      return;
    }
    JsonObject step = new JsonObject()
        .put("at", event.at().toString())
        .put("step", event.step().number())
        .put("name", event.step().title())
        .put("kind", event.kind().name().toLowerCase(Locale.ROOT))
        .put("text", event.message());
    event.issue().ifPresent(issue -> step.put("issue", issue));
    runEntry.steps.add(step);
    if (runEntry.steps.size() > MAX_STEPS) {
      runEntry.steps.remove(0);
    }
    publish(new JsonObject().put("type", "step").put("run", run.id().toString()).put("value", step));
  }

  @Override
  public void ended(HostedRun run, RunResult result) {
    RunEntry runEntry = entries.get(run.id());
    if (runEntry != null) {
      runEntry.over = true;
    }
    change(run, new JsonObject()
        .put("phase", result.phase().wireName())
        .put("ended", result.at().toString())
        .put("output", result.output())
        .put("error", result.error())
        .put("tokens", result.inputTokens() + result.cachedInputTokens() + result.outputTokens())
        .put("cost", result.costUsd()));
  }

  private void change(HostedRun run, JsonObject facts) {
    RunEntry runEntry = entries.get(run.id());
    if (runEntry != null) {
      runEntry.facts.mergeIn(facts);
      publish(new JsonObject().put("type", "change").put("run", run.id().toString()).put("value", facts));
    }
  }

  private void evictOldest() {
    int most = MAX_RUNS;
    for (RunId run : List.copyOf(entries.keySet())) {
      if (entries.size() <= most) {
        return;
      }
      RunEntry runEntry = entries.get(run);
      if (runEntry != null && runEntry.over) {
        entries.remove(run);
      }
    }
  }

  private void publish(JsonObject change) {
    List.copyOf(subscribers).forEach(reader -> reader.accept(change));
  }

  /** The Paperclip servers that do not answer, whenever they change. */
  public void serversDown(List<String> servers) {
    publish(new JsonObject().put("type", "servers").put("down", new JsonArray(servers)));
  }

  /** All runs, oldest first. */
  JsonArray runsJson() {
    return new JsonArray(entries.values().stream().map(RunEntry::json).toList());
  }

  /** Subscribes to changes. The returned action unsubscribes. */
  Runnable subscribe(Consumer<JsonObject> reader) {
    subscribers.add(reader);
    return () -> subscribers.remove(reader);
  }
}
