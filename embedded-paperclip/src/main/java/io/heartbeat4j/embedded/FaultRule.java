package io.heartbeat4j.embedded;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** A complete disturbance, made by {@link FaultRuleBuilder}. */
public final class FaultRule {

  private final String method;
  private final Pattern path;
  private final Optional<String> agentId;
  private final int times;
  private final FaultAction action;
  private final AtomicInteger matchCount = new AtomicInteger();

  FaultRule(String method, Pattern path, Optional<String> agentId, int times, FaultAction action) {
    this.method = method;
    this.path = path;
    this.agentId = agentId;
    this.times = times;
    this.action = action;
  }

  /** The action, when this request is one of those that are disturbed. Counts the request. */
  Optional<FaultAction> match(String requestMethod, String requestPath, Optional<String> sender) {
    boolean applies = (method.equals("*") || method.equals(requestMethod))
        && path.matcher(requestPath).matches()
        && (agentId.isEmpty() || agentId.equals(sender));
    if (!applies) {
      return Optional.empty();
    }
    return matchCount.getAndIncrement() < times ? Optional.of(action) : Optional.empty();
  }
}
