package io.heartbeat4j.host.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.heartbeat4j.worker.ProviderUsage;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended. Persisted, so that it can be read again after a restart.
 *
 * @param output one line; empty for an idle or skipped heartbeat, since Paperclip posts any text as a comment
 * @param error the failure, where the run failed
 * @param exitCode as of {@code heartbeat run}
 * @param model the models that were used, where any was
 * @param provider the providers of the models
 * @param session the session that the worker reported, where it did
 */
public record RunResult(
    RunPhase phase,
    String output,
    @Nullable String error,
    int exitCode,
    long inputTokens,
    long cachedInputTokens,
    long outputTokens,
    BigDecimal costUsd,
    @Nullable String model,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String provider,
    @Nullable String session,
    Instant at) {

  public RunResult {
    if (!phase.isOver()) {
      throw new IllegalArgumentException("not an end: " + phase);
    }
  }

  /** An idle run: no comment, no tokens. */
  public static RunResult idle(Instant at) {
    return withoutUsage(RunPhase.COMPLETED, "", null, 0, at);
  }

  public static RunResult cancelled(String why, Instant at) {
    return withoutUsage(RunPhase.CANCELLED, "", why, 0, at);
  }

  public static RunResult failed(String why, int exitCode, Instant at) {
    return withoutUsage(RunPhase.FAILED, "", why, exitCode, at);
  }

  public static RunResult completed(String output, Instant at) {
    return withoutUsage(RunPhase.COMPLETED, output, null, 0, at);
  }

  private static RunResult withoutUsage(RunPhase runPhase, String output, @Nullable String error, int exitCode,
      Instant at) {
    return new RunResult(runPhase, output, error, exitCode, 0, 0, 0, BigDecimal.ZERO, null, null, null, at);
  }

  /** The same result with usage and session. */
  RunResult withUsage(List<ProviderUsage> usage, @Nullable String session) {
    Set<String> models = new LinkedHashSet<>();
    Set<String> providers = new LinkedHashSet<>();
    long input = 0;
    long cached = 0;
    long out = 0;
    BigDecimal cost = BigDecimal.ZERO;
    for (ProviderUsage each : usage) {
      models.add(each.model());
      providers.add(each.provider());
      input += each.inputTokens();
      cached += each.cachedInputTokens();
      out += each.outputTokens();
      cost = cost.add(each.costUsd());
    }
    return new RunResult(phase, output, error, exitCode, input, cached, out, cost,
        joined(models), joined(providers), session, at);
  }

  private static @Nullable String joined(Set<String> names) {
    return names.isEmpty() ? null : String.join(", ", names);
  }

  RunResult withPhase(RunPhase other) {
    return new RunResult(
        other, output, error, exitCode, inputTokens, cachedInputTokens, outputTokens, costUsd, model, provider, session,
        at);
  }

  public boolean hasUsage() {
    return inputTokens + cachedInputTokens + outputTokens > 0 || costUsd.signum() > 0;
  }
}
