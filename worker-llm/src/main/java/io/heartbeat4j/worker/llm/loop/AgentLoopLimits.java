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
    if (steps < 1 || tokens < 1 || usd.signum() <= 0 || repeats < 1 || corrections < 0 || time.isZero()
        || time.isNegative()) {
      throw new IllegalArgumentException("a limit is more than 0");
    }
  }
}
