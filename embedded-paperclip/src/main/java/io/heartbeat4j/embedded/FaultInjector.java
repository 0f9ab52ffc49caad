package io.heartbeat4j.embedded;

import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** The switch for disturbances. Thread-safe; takes effect with the next request. */
public final class FaultInjector {

  private record RequestHook(String method, Pattern path, Supplier<Future<?>> action) {}

  private final List<FaultRule> rules = new CopyOnWriteArrayList<>();
  private final List<RequestHook> hooks = new CopyOnWriteArrayList<>();

  FaultInjector() {}

  /** Adds a disturbance; of several that apply to a request, the oldest acts. */
  public FaultInjector addRule(FaultRule rule) {
    rules.add(rule);
    return this;
  }

  /**
   * Does something once, just before the server looks at the next request of this method whose whole path
   * matches; the request waits until it is done. Not called on the server's thread.
   */
  public FaultInjector beforeRequest(String method, String pathRegex, Supplier<Future<?>> action) {
    hooks.add(new RequestHook(method, Pattern.compile(pathRegex), action));
    return this;
  }

  /** Ends all disturbances. */
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
    for (RequestHook requestHook : hooks) {
      if (requestHook.method.equals(method) && requestHook.path.matcher(path).matches() && hooks.remove(requestHook)) {
        return Optional.of(requestHook.action);
      }
    }
    return Optional.empty();
  }
}
