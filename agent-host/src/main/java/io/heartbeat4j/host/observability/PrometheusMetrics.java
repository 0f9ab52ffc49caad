package io.heartbeat4j.host.observability;

import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.heartbeat4j.heartbeat.event.Step;
import io.heartbeat4j.host.run.HostedAgent;
import io.heartbeat4j.host.run.HostedRun;
import io.heartbeat4j.host.run.RunCoordinator;
import io.heartbeat4j.host.run.RunListener;
import io.heartbeat4j.host.run.RunPhase;
import io.heartbeat4j.host.run.RunResult;
import io.heartbeat4j.protocol.RunId;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** Counts what the host does, for Prometheus. The series are few: no agent, run or issue is a label. */
public final class PrometheusMetrics implements RunListener {

  private static final Duration[] BUCKETS = {
      Duration.ofMillis(10), Duration.ofMillis(50), Duration.ofMillis(250), Duration.ofSeconds(1),
      Duration.ofSeconds(5),
      Duration.ofSeconds(30), Duration.ofMinutes(2), Duration.ofMinutes(10), Duration.ofHours(1)
  };

  private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<Step, Timer> steps = new EnumMap<>(Step.class);
  private final Map<RunId, Instant> lastStep = new HashMap<>();
  private Supplier<Future<Long>> journalDepthQuery = () -> Future.succeededFuture(0L);
  private double journalDepth;

  /**
   * Slots and queue are read from {@code runs} when they are asked for.
   *
   * @param logEntries counts the entries in the write-ahead logs
   */
  public void registerGauges(RunCoordinator runCoordinator, Supplier<Collection<HostedAgent>> agents,
      ServerOutages outages, Supplier<Future<Long>> logEntries) {
    Gauge.builder("heartbeat.slots.used", runCoordinator, RunCoordinator::runningCount)
        .description("heartbeats that run").register(registry);
    Gauge.builder("heartbeat.slots", runCoordinator, RunCoordinator::slots)
        .description("heartbeats that may run at once").register(registry);
    Gauge.builder("heartbeat.queue", runCoordinator, RunCoordinator::queuedCount).description("wakes that wait")
        .register(registry);
    Gauge.builder("heartbeat.runs.unsaved", runCoordinator, RunCoordinator::unsavedCount)
        .description("runs that the disk has not taken, so that a restart would forget them").register(registry);
    Gauge.builder("heartbeat.agents.refused", agents,
        all -> all.get().stream().filter(agent -> agent.problem().isPresent()).count())
        .description("agents whose key the server refuses or that are others than configured").register(registry);
    Gauge.builder("heartbeat.servers.silent", outages, silent -> silent.down().size())
        .description("Paperclip servers that have not answered for a minute").register(registry);
    Gauge.builder("heartbeat.journal.depth", this, prometheusMetrics -> prometheusMetrics.journalDepth)
        .description("issues that runs have taken and not yet settled").register(registry);
    journalDepthQuery = logEntries;
  }

  @Override
  public void accepted(HostedRun run) {
    registry.counter("heartbeat.wakes", "way", lower(run.channel())).increment();
  }

  @Override
  public void started(HostedRun run) {
    Instant now = Instant.now();
    lastStep.put(run.id(), now);
    registry.timer("heartbeat.waiting").record(nonNegative(Duration.between(run.acceptedAt(), now)));
  }

  @Override
  public void stepped(HostedRun run, HeartbeatEvent event) {
    if (event.kind() == HeartbeatEvent.Kind.PROGRESS || event.kind() == HeartbeatEvent.Kind.SESSION) {
      return;
    }
    Instant before = lastStep.put(run.id(), event.at());
    if (before != null) {
      steps.computeIfAbsent(event.step(), this::timer).record(nonNegative(Duration.between(before, event.at())));
    }
    event.conflict().ifPresent(cause -> registry.counter(
        "heartbeat.conflicts", "step", name(event.step()), "cause", lower(cause)).increment());
    if (event.kind() == HeartbeatEvent.Kind.REFUSED) {
      registry.counter("heartbeat.refusals", "step", name(event.step())).increment();
    }
  }

  @Override
  public void ended(HostedRun run, RunResult result) {
    lastStep.remove(run.id());
    boolean idle = result.phase() == RunPhase.COMPLETED && result.output().isEmpty();
    registry.counter("heartbeat.heartbeats", "outcome", idle ? "idle" : result.phase().wireName()).increment();
    if (idle && !result.hasUsage()) {
      registry.counter("heartbeat.idle.without.tokens").increment();
    }
    registry.counter("heartbeat.tokens", "kind", "input").increment((double) result.inputTokens());
    registry.counter("heartbeat.tokens", "kind", "cached").increment((double) result.cachedInputTokens());
    registry.counter("heartbeat.tokens", "kind", "output").increment((double) result.outputTokens());
    registry.counter("heartbeat.cost.usd").increment(result.costUsd().doubleValue());
  }

  private Timer timer(Step step) {
    return Timer.builder("heartbeat.step").description("how long a step took, by the steps' own messages")
        .tag("step", name(step)).serviceLevelObjectives(BUCKETS).register(registry);
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static String name(Step step) {
    return step.number() + "_" + step.title().toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", "_");
  }

  private static Duration nonNegative(Duration duration) {
    return duration.isNegative() ? Duration.ZERO : duration;
  }

  /** In Prometheus' text format. */
  public Future<String> scrape() {
    return journalDepthQuery.get().map(Long::doubleValue).otherwise(Double.NaN).map(depth -> {
      journalDepth = depth;
      return registry.scrape();
    });
  }
}
