package io.heartbeat4j.worker.llm;

import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.Worker;
import io.heartbeat4j.worker.llm.loop.Heartbeats;
import io.heartbeat4j.worker.llm.provider.Model;
import java.io.IOException;

/** A model that works on an issue. A request to stop breaks off a call at once. */
final class LlmWorker implements Worker {

  private final Model model;
  private final Heartbeats heartbeats;

  LlmWorker(Model model, Heartbeats heartbeats) {
    this.model = model;
    this.heartbeats = heartbeats;
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
  public void close() {
    model.close();
  }
}
