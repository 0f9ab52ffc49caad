package io.heartbeat4j.embedded;

import io.heartbeat4j.embedded.rules.RunAdapter;
import io.heartbeat4j.embedded.rules.RunExecution;
import io.heartbeat4j.embedded.rules.RunExecutionResult;
import io.heartbeat4j.embedded.rules.RunStartRequest;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Starts a run with the wake handler of the agent, or else with the adapter that the agent is configured with. */
final class RoutingRunAdapter implements RunAdapter {

  private final Context context;
  private final Map<String, WakeHandler> wakeHandlers = new ConcurrentHashMap<>();
  private final Map<String, RunExecution> liveExecutions = new ConcurrentHashMap<>();

  RoutingRunAdapter(Context context) {
    this.context = context;
  }

  void setWakeHandler(String agentId, WakeHandler handler) {
    wakeHandlers.put(agentId, handler);
  }

  void removeWakeHandler(String agentId) {
    wakeHandlers.remove(agentId);
  }

  void kill(String runId) {
    RunExecution runExecution = liveExecutions.get(runId);
    if (runExecution != null) {
      runExecution.kill();
    }
  }

  @Override
  public RunExecution start(RunStartRequest startRequest) {
    RunExecution runExecution = startByType(startRequest);
    liveExecutions.put(startRequest.runId(), runExecution);
    runExecution.result().onComplete(ended -> liveExecutions.remove(startRequest.runId()));
    return runExecution;
  }

  private RunExecution startByType(RunStartRequest startRequest) {
    WakeHandler handler = wakeHandlers.get(startRequest.agentId());
    if (handler != null) {
      return InProcessRunExecution.start(context, handler, startRequest);
    }
    return switch (startRequest.adapterType()) {
      case "process" -> ProcessRunExecution.start(context, startRequest);
      case "http" -> HttpRunExecution.start(context, startRequest);
      case "hermes_gateway" -> HermesRunExecution.start(context, startRequest);
      default -> failedExecution("No adapter of type " + startRequest.adapterType());
    };
  }

  static RunExecution failedExecution(String error) {
    Future<RunExecutionResult> outcome = Future.succeededFuture(RunExecutionResult.failed(error));
    return new RunExecution() {
      @Override
      public Future<RunExecutionResult> result() {
        return outcome;
      }

      @Override
      public Future<Void> cancel() {
        return Future.succeededFuture();
      }

      @Override
      public void kill() {}
    };
  }
}
