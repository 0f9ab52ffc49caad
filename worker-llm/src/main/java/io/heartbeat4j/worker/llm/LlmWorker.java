package io.heartbeat4j.worker.llm;

import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.Worker;
import io.heartbeat4j.worker.llm.loop.Heartbeats;
import io.heartbeat4j.worker.llm.provider.Model;
import java.io.IOException;
import java.util.Optional;

/** A model that works on an issue. A request to stop breaks off a call at once. */
final class LlmWorker implements Worker {

  private final Model model;
  private final Heartbeats heartbeats;
  private final String account;

  /** @param account the name of the provider's gate */
  LlmWorker(Model model, Heartbeats heartbeats, String account) {
    this.model = model;
    this.heartbeats = heartbeats;
    this.account = account;
  }

  @Override
  public WorkResult perform(WorkContext context) throws IOException, InterruptedException {
    context.cancellation().onRequested(Thread.currentThread()::interrupt);
    try {
      return heartbeats.work(context);
    } catch (IOException | RuntimeException failed) {
      if (context.cancellation().isRequested()) {
        throw new InterruptedException("the heartbeat stopped");
      }
      throw failed;
    }
  }

  @Override
  public Optional<String> provider() {
    return Optional.of(account);
  }

  @Override
  public void close() {
    model.close();
  }
}
