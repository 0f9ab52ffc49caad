package io.heartbeat4j.worker.llm.loop;

import io.heartbeat4j.worker.Default;
import io.heartbeat4j.worker.Doc;
import java.math.BigDecimal;
import java.time.Duration;

/** When one heartbeat's work has to stop. Looked at between calls; at a limit the model may finish, once. */
public record Limits(
    @Doc("calls of the model") @Default("50") int steps,
    @Doc("tokens, without input that came from the provider's cache") @Default("1000000") long tokens,
    @Doc("US dollars, where the model's price is known") @Default("2") BigDecimal usd,
    @Doc("time since the start") @Default("1h") Duration time,
    @Doc("the same call of a tool with nothing changed in between") @Default("3") int repeats) {

  public Limits {
    if (steps < 1 || tokens < 1 || usd.signum() <= 0 || repeats < 1 || time.isZero() || time.isNegative()) {
      throw new IllegalArgumentException("a limit is more than 0");
    }
  }
}
