package io.heartbeat4j.embedded;

import io.heartbeat4j.embedded.rules.Adapter;
import io.heartbeat4j.embedded.rules.Execution;
import io.heartbeat4j.embedded.rules.Outcome;
import io.heartbeat4j.embedded.rules.RunOrder;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Runs an agent where it lives: in this JVM, as a child process, or behind a URL. */
final class RunAdapters implements Adapter {

  private final Context context;
  private final Map<String, WakeTarget> targets = new ConcurrentHashMap<>();
  private final Map<String, Execution> live = new ConcurrentHashMap<>();

  RunAdapters(Context context) {
    this.context = context;
  }

  void target(String agentId, WakeTarget target) {
    targets.put(agentId, target);
  }

  void noTarget(String agentId) {
    targets.remove(agentId);
  }

  void kill(String runId) {
    Execution execution = live.get(runId);
    if (execution != null) {
      execution.kill();
    }
  }

  @Override
  public Execution start(RunOrder order) {
    Execution execution = choose(order);
    live.put(order.runId(), execution);
    execution.outcome().onComplete(ended -> live.remove(order.runId()));
    return execution;
  }

  private Execution choose(RunOrder order) {
    WakeTarget target = targets.get(order.agentId());
    if (target != null) {
      return TargetExecution.start(context, target, order);
    }
    return switch (order.adapterType()) {
      case "process" -> ProcessExecution.start(context, order);
      case "http" -> HttpExecution.start(context, order);
      case "hermes_gateway" -> HermesGatewayExecution.start(context, order);
      default -> ended("No adapter of type " + order.adapterType());
    };
  }

  static Execution ended(String error) {
    Future<Outcome> outcome = Future.succeededFuture(Outcome.failed(error));
    return new Execution() {
      @Override
      public Future<Outcome> outcome() {
        return outcome;
      }

      @Override
      public Future<Void> cancel() {
        return Future.succeededFuture();
      }

      @Override
      public void kill() {}

      @Override
      public Optional<Long> processId() {
        return Optional.empty();
      }
    };
  }
}
