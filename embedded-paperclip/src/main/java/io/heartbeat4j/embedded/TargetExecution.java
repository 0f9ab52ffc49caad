package io.heartbeat4j.embedded;

import io.heartbeat4j.embedded.rules.Execution;
import io.heartbeat4j.embedded.rules.Outcome;
import io.heartbeat4j.embedded.rules.RunOrder;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/** A run of an agent in this JVM. */
final class TargetExecution implements Execution {

  private final Promise<Outcome> outcome = Promise.promise();
  private final Promise<Void> cancelled = Promise.promise();

  private final Context context;

  private TargetExecution(Context context) {
    this.context = context;
  }

  static Execution start(Context context, WakeTarget target, RunOrder order) {
    TargetExecution execution = new TargetExecution(context);
    EmbeddedWake wake =
        new EmbeddedWake(
            order.runId(),
            order.agentId(),
            order.companyId(),
            order.apiUrl(),
            order.token(),
            order.context(),
            order.environment(),
            execution.cancelled.future());
    Thread.ofVirtual()
        .name("wake-" + order.runId())
        .start(
            () ->
                execution
                    .call(target, wake)
                    .onComplete(
                        code -> {
                          Outcome ended = Outcome.exit(code.succeeded() ? code.result() : 1);
                          context.runOnContext(now -> execution.outcome.tryComplete(ended));
                        }));
    return execution;
  }

  private Future<Integer> call(WakeTarget target, EmbeddedWake wake) {
    try {
      return target.wake(wake);
    } catch (RuntimeException failure) {
      return Future.failedFuture(failure);
    }
  }

  @Override
  public Future<Outcome> outcome() {
    return outcome.future();
  }

  @Override
  public void kill() {
    context.runOnContext(now -> outcome.tryComplete(Outcome.signalled("SIGKILL")));
  }

  @Override
  public Future<Void> cancel() {
    cancelled.tryComplete();
    return Future.succeededFuture();
  }
}
