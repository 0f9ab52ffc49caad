package io.heartbeat4j.embedded;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** Matches requests and names the fault for them; made by {@link FaultRuleBuilder}. */
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

  /** The fault for this request, if the rule matches it and has matched fewer than the allowed times before. */
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
