package io.heartbeat4j.worker.llm.loop;

import io.heartbeat4j.worker.ProviderGate;
import io.heartbeat4j.worker.ProviderUnavailableException;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.llm.provider.ModelChain;
import io.heartbeat4j.worker.llm.provider.ModelSettings;
import io.heartbeat4j.worker.llm.provider.RetryingModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which model of the chain a heartbeat calls: the first whose account takes calls. It stays with a model until that one
 * gives no answer, since a provider's cache and thread are worth more than the order. For one thread.
 */
final class ModelSelection {

  private final WorkContext context;
  private final List<RetryingModel> models;
  private int current;

  ModelSelection(WorkContext context, ModelChain chain) {
    this.context = context;
    this.models = chain.models();
  }

  /**
   * The model to call now.
   *
   * @throws ProviderUnavailableException if no account takes calls; it names the time of the first one that does again
   */
  RetryingModel current() {
    List<ProviderUnavailableException> closed = new ArrayList<>();
    for (int at = current; at < models.size(); at++) {
      Optional<ProviderUnavailableException> gate = closedGate(models.get(at));
      if (gate.isEmpty()) {
        moveTo(at, closed);
        return models.get(at);
      }
      closed.add(gate.get());
    }
    models.subList(0, current).forEach(model -> closedGate(model).ifPresent(closed::add));
    throw closed.stream().reduce((one, other) -> other.until().isBefore(one.until()) ? other : one).orElseThrow();
  }

  private void moveTo(int next, List<ProviderUnavailableException> closed) {
    if (next > current) {
      report(String.valueOf(closed.get(closed.size() - 1).getMessage()), models.get(next));
      current = next;
    }
  }

  private Optional<ProviderUnavailableException> closedGate(RetryingModel model) {
    try {
      gate(model).checkOpen();
      return Optional.empty();
    } catch (ProviderUnavailableException unavailable) {
      return Optional.of(unavailable);
    }
  }

  /** The gate of the model's account. */
  ProviderGate gate(RetryingModel model) {
    return context.usage().providerGate(model.settings().gateName());
  }

  /** Goes on to the next model, where there is one, for the rest of the heartbeat. */
  boolean moveOn(String why) {
    if (current + 1 == models.size()) {
      return false;
    }
    current++;
    report(why, models.get(current));
    return true;
  }

  /** Whether a model after this one reads longer threads. */
  boolean hasLarger() {
    return models.stream().skip(current + 1L)
        .anyMatch(model -> model.settings().contextWindow() > models.get(current).settings().contextWindow());
  }

  /** The settings of the model that was called last, or is called first. */
  ModelSettings settings() {
    return models.get(current).settings();
  }

  private void report(String why, RetryingModel next) {
    context.run().reportProgress(why + "; going on with " + next.settings().name());
  }
}
