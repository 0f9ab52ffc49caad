package io.heartbeat4j.host.seen;

import io.heartbeat4j.heartbeat.HeartbeatEvent;
import io.heartbeat4j.heartbeat.Step;
import io.heartbeat4j.host.run.Ending;
import io.heartbeat4j.host.run.HostedRun;
import io.heartbeat4j.host.run.Phase;
import io.heartbeat4j.host.run.Runs;
import io.heartbeat4j.host.run.RunsListener;
import io.heartbeat4j.protocol.RunId;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Counts what the host does, for Prometheus. The series are few: no agent, run or issue is a label. */
public final class Metrics implements RunsListener {

  private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<RunId, Instant> lastStep = new HashMap<>();

  /** Slots and queue are read from {@code runs} when they are asked for. */
  public void watch(Runs runs) {
    Gauge.builder("heartbeat.slots.used", runs, Runs::running).description("heartbeats that run").register(registry);
    Gauge.builder("heartbeat.queue", runs, Runs::waiting).description("wakes that wait").register(registry);
  }

  @Override
  public void accepted(HostedRun run) {
    registry.counter("heartbeat.wakes", "way", run.way().name().toLowerCase(Locale.ROOT)).increment();
  }

  @Override
  public void started(HostedRun run) {
    Instant now = Instant.now();
    lastStep.put(run.id(), now);
    registry.timer("heartbeat.waiting").record(positive(Duration.between(run.acceptedAt(), now)));
  }

  @Override
  public void stepped(HostedRun run, HeartbeatEvent event) {
    if (event.kind() == HeartbeatEvent.Kind.PROGRESS) {
      return;
    }
    Instant before = lastStep.put(run.id(), event.at());
    if (before != null) {
      registry.timer("heartbeat.step", List.of(Tag.of("step", name(event.step())))).record(
          positive(Duration.between(before, event.at())));
    }
    if (event.kind() == HeartbeatEvent.Kind.CONFLICT || event.kind() == HeartbeatEvent.Kind.REFUSED) {
      registry.counter("heartbeat.conflicts", "step", name(event.step()), "kind",
          event.kind().name().toLowerCase(Locale.ROOT)).increment();
    }
  }

  @Override
  public void ended(HostedRun run, Ending ending) {
    lastStep.remove(run.id());
    boolean idle = ending.phase() == Phase.COMPLETED && ending.output().isEmpty();
    registry.counter("heartbeat.heartbeats", "outcome", idle ? "idle" : ending.phase().wire()).increment();
    if (idle && !ending.usedAnything()) {
      registry.counter("heartbeat.idle.without.tokens").increment();
    }
    registry.counter("heartbeat.tokens", "kind", "input").increment((double) ending.inputTokens());
    registry.counter("heartbeat.tokens", "kind", "cached").increment((double) ending.cachedInputTokens());
    registry.counter("heartbeat.tokens", "kind", "output").increment((double) ending.outputTokens());
    registry.counter("heartbeat.cost.usd").increment(ending.costUsd().doubleValue());
  }

  private static String name(Step step) {
    return step.number() + "_" + step.title().toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", "_");
  }

  private static Duration positive(Duration duration) {
    return duration.isNegative() ? Duration.ZERO : duration;
  }

  /** In Prometheus' text format. */
  public String scrape() {
    return registry.scrape();
  }
}
