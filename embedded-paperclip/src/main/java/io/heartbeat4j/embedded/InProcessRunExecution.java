package io.heartbeat4j.embedded;

import io.heartbeat4j.embedded.rules.RunExecution;
import io.heartbeat4j.embedded.rules.RunExecutionResult;
import io.heartbeat4j.embedded.rules.RunStartRequest;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/** Runs an agent with a {@link WakeHandler} in this JVM. */
final class InProcessRunExecution implements RunExecution {

  private final Promise<RunExecutionResult> result = Promise.promise();
  private final Promise<Void> cancelled = Promise.promise();

  private final Context context;

  private InProcessRunExecution(Context context) {
    this.context = context;
  }

  static RunExecution start(Context context, WakeHandler handler, RunStartRequest startRequest) {
    InProcessRunExecution execution = new InProcessRunExecution(context);
    InProcessWake wake = new InProcessWake(
        startRequest.runId(),
        startRequest.agentId(),
        startRequest.companyId(),
        startRequest.token(),
        startRequest.context(),
        startRequest.environment(),
        execution.cancelled.future());
    Thread.ofVirtual()
        .name("wake-" + startRequest.runId())
        .start(
            () -> execution
                .invokeHandler(handler, wake)
                .onComplete(
                    code -> {
                      RunExecutionResult ended = RunExecutionResult.exited(code.succeeded() ? code.result() : 1);
                      context.runOnContext(now -> execution.result.tryComplete(ended));
                    }));
    return execution;
  }

  private Future<Integer> invokeHandler(WakeHandler handler, InProcessWake wake) {
    try {
      return handler.handle(wake);
    } catch (RuntimeException failure) {
      return Future.failedFuture(failure);
    }
  }

  @Override
  public Future<RunExecutionResult> result() {
    return result.future();
  }

  @Override
  public void kill() {
    context.runOnContext(now -> result.tryComplete(RunExecutionResult.signalled("SIGKILL")));
  }

  @Override
  public Future<Void> cancel() {
    cancelled.tryComplete();
    return Future.succeededFuture();
  }
}
