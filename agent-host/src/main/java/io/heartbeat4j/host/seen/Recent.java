package io.heartbeat4j.host.seen;

import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.heartbeat4j.host.run.Ending;
import io.heartbeat4j.host.run.HostedRun;
import io.heartbeat4j.host.run.RunsListener;
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

/** The current and the last runs with their steps, for the live page; readers are told what changes. Confined to the host's loop. */
public final class Recent implements RunsListener {

  private static final int RUNS = 80;
  private static final int STEPS = 300;

  private final Map<RunId, Card> cards = new LinkedHashMap<>();
  private final Set<Consumer<JsonObject>> readers = new LinkedHashSet<>();

  private static final class Card {

    private final JsonObject facts;
    private final List<JsonObject> steps = new ArrayList<>();
    private boolean over;

    Card(JsonObject facts) {
      this.facts = facts;
    }

    JsonObject json() {
      return facts.copy().put("steps", new JsonArray(new ArrayList<>(steps)));
    }
  }

  @Override
  public void accepted(HostedRun run) {
    Card card = new Card(new JsonObject()
        .put("run", run.id().toString())
        .put("agent", run.agent().name())
        .put("issue", run.issue().isEmpty() ? null : run.facts().taskLabel())
        .put("reason", run.facts().describeReason())
        .put("way", run.way().name().toLowerCase(Locale.ROOT))
        .put("accepted", run.acceptedAt().toString())
        .put("phase", "queued"));
    cards.put(run.id(), card);
    forgetOld();
    tell(new JsonObject().put("type", "run").put("value", card.json()));
  }

  @Override
  public void started(HostedRun run) {
    change(run, new JsonObject().put("phase", "running"));
  }

  @Override
  public void stepped(HostedRun run, HeartbeatEvent event) {
    Card card = cards.get(run.id());
    if (card == null) {
      return;
    }
    JsonObject step = new JsonObject()
        .put("at", event.at().toString())
        .put("step", event.step().number())
        .put("name", event.step().title())
        .put("kind", event.kind().name().toLowerCase(Locale.ROOT))
        .put("text", event.message());
    event.issue().ifPresent(issue -> step.put("issue", issue));
    card.steps.add(step);
    if (card.steps.size() > STEPS) {
      card.steps.remove(0);
    }
    tell(new JsonObject().put("type", "step").put("run", run.id().toString()).put("value", step));
  }

  @Override
  public void ended(HostedRun run, Ending ending) {
    Card card = cards.get(run.id());
    if (card != null) {
      card.over = true;
    }
    change(run, new JsonObject()
        .put("phase", ending.phase().wire())
        .put("ended", ending.at().toString())
        .put("output", ending.output())
        .put("error", ending.error())
        .put("tokens", ending.inputTokens() + ending.cachedInputTokens() + ending.outputTokens())
        .put("cost", ending.costUsd()));
  }

  private void change(HostedRun run, JsonObject facts) {
    Card card = cards.get(run.id());
    if (card != null) {
      card.facts.mergeIn(facts);
      tell(new JsonObject().put("type", "change").put("run", run.id().toString()).put("value", facts));
    }
  }

  private void forgetOld() {
    int most = RUNS;
    for (RunId run : List.copyOf(cards.keySet())) {
      if (cards.size() <= most) {
        return;
      }
      Card card = cards.get(run);
      if (card != null && card.over) {
        cards.remove(run);
      }
    }
  }

  private void tell(JsonObject change) {
    List.copyOf(readers).forEach(reader -> reader.accept(change));
  }

  /** All runs, oldest first. */
  JsonArray runs() {
    return new JsonArray(cards.values().stream().map(Card::json).toList());
  }

  /** Tells the reader of every change from now on. The returned action stops that. */
  Runnable read(Consumer<JsonObject> reader) {
    readers.add(reader);
    return () -> readers.remove(reader);
  }
}
