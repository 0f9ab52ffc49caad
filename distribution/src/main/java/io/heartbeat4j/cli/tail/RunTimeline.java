package io.heartbeat4j.cli.tail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heartbeat4j.heartbeat.event.PlainText;
import io.heartbeat4j.plugin.NameSuggestion;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Turns the events of a host's live page into lines. Not thread-safe. */
public final class RunTimeline {

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

  private final Optional<String> chosen;
  private final ZoneId zone;
  private final Map<String, ObjectNode> runs = new HashMap<>();
  private boolean over;

  /** @param chosen the name of an agent, or a run's id; without it all runs are shown */
  public RunTimeline(Optional<String> chosen, ZoneId zone) {
    this.chosen = chosen;
    this.zone = zone;
  }

  /**
   * The lines of an event, oldest first.
   *
   * @throws IllegalArgumentException where the host has no agent and no run of the chosen name
   */
  public List<String> lines(JsonNode event) {
    List<String> lines = new ArrayList<>();
    switch (event.path("type").asText()) {
      case "state" -> {
        requireChosen(event);
        event.path("runs").forEach(run -> addRun(run, lines));
      }
      case "run" -> addRun(event.path("value"), lines);
      case "step" -> addStep(event.path("run").asText(), event.path("value"), lines);
      case "change" -> change(event.path("run").asText(), event.path("value"), lines);
      case "servers" -> event.path("down").forEach(
          server -> lines.add("the Paperclip server " + PlainText.of(server.asText()) + " does not answer"));
      default -> { // of a newer host
      }
    }
    return lines;
  }

  /** Whether one run was chosen, and has ended. */
  public boolean isOver() {
    return over;
  }

  private void requireChosen(JsonNode state) {
    if (chosen.isEmpty()) {
      return;
    }
    Set<String> names = new HashSet<>();
    state.path("agents").forEach(agent -> names.add(agent.path("name").asText()));
    state.path("runs").forEach(run -> names.add(run.path("run").asText()));
    if (!names.contains(chosen.get()) && state.path("more").asInt() == 0) {
      throw new IllegalArgumentException("the host has no agent and no recent run '" + chosen.get() + "'"
          + NameSuggestion.didYouMean(chosen.get(), names));
    }
  }

  private void addRun(JsonNode run, List<String> lines) {
    String id = run.path("run").asText();
    boolean wanted = chosen.isEmpty() || chosen.get().equals(id) || chosen.get().equals(run.path("agent").asText());
    if (!wanted || (chosen.isEmpty() && run.has("ended"))) {
      return;
    }
    runs.put(id, run.deepCopy());
    lines.add(line(run.path("accepted"), id, "woken: " + run.path("reason").asText()));
    run.path("steps").forEach(step -> addStep(id, step, lines));
    end(id, run, lines);
  }

  private void addStep(String run, JsonNode step, List<String> lines) {
    ObjectNode facts = runs.get(run);
    if (facts != null) {
      if (step.hasNonNull("issue")) {
        facts.set("issue", step.path("issue"));
      }
      lines.add(line(step.path("at"), run,
          step.path("step").asText() + " " + step.path("name").asText() + ": " + step.path("text").asText()));
    }
  }

  private void change(String run, JsonNode facts, List<String> lines) {
    if (runs.containsKey(run)) {
      end(run, facts, lines);
    }
  }

  private void end(String run, JsonNode facts, List<String> lines) {
    if (!facts.hasNonNull("ended")) {
      return;
    }
    String text = facts.hasNonNull("error") ? facts.path("error").asText() : facts.path("output").asText("");
    lines.add(line(facts.path("ended"), run, facts.path("phase").asText() + (text.isEmpty() ? "" : ": " + text)));
    runs.remove(run);
    over |= chosen.filter(run::equals).isPresent();
  }

  private String line(JsonNode at, String run, String text) {
    JsonNode facts = Objects.requireNonNull(runs.get(run));
    return TIME.format(Instant.parse(at.asText()).atZone(zone)) + "  " + facts.path("agent").asText() + "  "
        + facts.path("issue").asText("-") + "  " + PlainText.of(text).replace("\n", "\n    ");
  }
}
