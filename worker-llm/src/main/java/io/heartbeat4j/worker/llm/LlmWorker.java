package io.heartbeat4j.worker.llm;

import io.heartbeat4j.worker.CheckResult;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.Worker;
import io.heartbeat4j.worker.agent.permission.PermissionPolicy;
import io.heartbeat4j.worker.llm.loop.AgentLoopRunner;
import io.heartbeat4j.worker.llm.provider.ModelChain;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A model that works on an issue. A request to stop breaks off a call at once. */
final class LlmWorker implements Worker {

  private final ModelChain modelChain;
  private final AgentLoopRunner agentLoopRunner;
  private final PermissionPolicy permissionPolicy;
  private final String account;

  /** @param account the name of the provider's gate */
  LlmWorker(ModelChain modelChain, AgentLoopRunner agentLoopRunner,
      PermissionPolicy permissionPolicy, String account) {
    this.modelChain = modelChain;
    this.agentLoopRunner = agentLoopRunner;
    this.permissionPolicy = permissionPolicy;
    this.account = account;
  }

  @Override
  public WorkResult perform(WorkContext context) throws IOException, InterruptedException {
    context.run().cancellation().onRequested(Thread.currentThread()::interrupt);
    try {
      return agentLoopRunner.run(context);
    } catch (IOException | RuntimeException failed) {
      if (context.run().cancellation().isRequested()) {
        throw new InterruptedException("the heartbeat stopped");
      }
      throw failed;
    }
  }

  @Override
  public Optional<String> providerAccount() {
    return Optional.of(account);
  }

  @Override
  public List<CheckResult> explain(String command) {
    return permissionPolicy.explain(command);
  }

  @Override
  public void close() {
    modelChain.close();
  }
}
