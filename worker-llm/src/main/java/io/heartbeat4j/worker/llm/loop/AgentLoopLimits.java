package io.heartbeat4j.worker.llm.loop;

import io.heartbeat4j.worker.DefaultValue;
import io.heartbeat4j.worker.Description;
import java.math.BigDecimal;
import java.time.Duration;

/** Limits of one heartbeat's work. Checked between calls; at a limit the model may finish, once. */
public record AgentLoopLimits(
    @Description("calls of the model") @DefaultValue("50") int steps,
    @Description("tokens, without input that came from the provider's cache") @DefaultValue("1000000") long tokens,
    @Description("US dollars, where the model's price is known") @DefaultValue("2") BigDecimal usd,
    @Description("time since the start") @DefaultValue("1h") Duration time,
    @Description("the same call of a tool with the same result and nothing changed in between") @DefaultValue("3") int repeats,
    @Description("how often red checks are given back to the model") @DefaultValue("3") int corrections) {

  public AgentLoopLimits {
    require(steps > 0, "steps", "more than 0");
    require(tokens > 0, "tokens", "more than 0");
    require(usd.signum() > 0, "usd", "more than 0");
    require(time.isPositive(), "time", "more than 0");
    require(repeats > 0, "repeats", "more than 0");
    require(corrections >= 0, "corrections", "0 or more");
  }

  private static void require(boolean holds, String key, String range) {
    if (!holds) {
      throw new IllegalArgumentException(key + " is " + range);
    }
  }
}
