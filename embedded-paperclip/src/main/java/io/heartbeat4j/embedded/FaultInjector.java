package io.heartbeat4j.embedded;

import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** The fault rules and hooks of the server. Changes apply to the next request. Thread-safe. */
public final class FaultInjector {

  private record RequestHook(String method, Pattern path, Supplier<Future<?>> action) {}

  private final List<FaultRule> rules = new CopyOnWriteArrayList<>();
  private final List<RequestHook> hooks = new CopyOnWriteArrayList<>();

  FaultInjector() {}

  /** Adds a rule; when several rules match a request, the oldest one applies. */
  public FaultInjector addRule(FaultRule rule) {
    rules.add(rule);
    return this;
  }

  /**
   * Runs an action once, before the server handles the next request with this method and a path that matches as a
   * whole. The request waits for the future. The action runs on a virtual thread, so it may block.
   */
  public FaultInjector beforeRequest(String method, String pathRegex, Supplier<Future<?>> action) {
    hooks.add(new RequestHook(method, Pattern.compile(pathRegex), action));
    return this;
  }

  /** Removes all rules and hooks. */
  public void clear() {
    rules.clear();
    hooks.clear();
  }

  Optional<FaultAction> findAction(String method, String path, Optional<String> agentId) {
    for (FaultRule rule : rules) {
      Optional<FaultAction> action = rule.match(method, path, agentId);
      if (action.isPresent()) {
        return action;
      }
    }
    return Optional.empty();
  }

  Optional<Supplier<Future<?>>> takeHook(String method, String path) {
    List<RequestHook> matching = hooks.stream()
        .filter(hook -> hook.method.equals(method) && hook.path.matcher(path).matches()).toList();
    return matching.stream().filter(hooks::remove).findFirst().map(hook -> hook.action); // of two requests, one takes it
  }
}
