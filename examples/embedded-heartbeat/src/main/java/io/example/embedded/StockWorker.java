package io.example.embedded;

import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.Worker;
import jakarta.inject.Inject;

/** Answers an issue whose title is the name of an article. */
final class StockWorker implements Worker {

  private final Inventory inventory;

  @Inject
  StockWorker(Inventory inventory) {
    this.inventory = inventory;
  }

  @Override
  public WorkResult perform(WorkContext context) {
    String article = context.issue().title();
    return new WorkResult.Done("There are " + inventory.count(article) + " of " + article + ".");
  }
}
