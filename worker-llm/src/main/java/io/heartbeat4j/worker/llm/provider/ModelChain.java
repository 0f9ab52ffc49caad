package io.heartbeat4j.worker.llm.provider;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** The configured models in the order in which they are called: one after the first where those before give no answer. */
public final class ModelChain implements AutoCloseable {

  private final List<RetryingModel> models;

  private ModelChain(List<RetryingModel> models) {
    this.models = List.copyOf(models);
  }

  /**
   * The model and those that stand in for it.
   *
   * @param settings at least one
   * @throws IllegalArgumentException if there is no such provider, it can't use its settings, or a model is given twice
   */
  public static ModelChain of(List<ModelSettings> settings, Clock clock) {
    List<RetryingModel> models = new ArrayList<>();
    try {
      for (ModelSettings each : settings) {
        if (models.stream().anyMatch(model -> model.settings().equals(each))) {
          throw new IllegalArgumentException("fallbacks: " + each.name() + " is given twice");
        }
        models.add(RetryingModel.of(each, clock));
      }
      return new ModelChain(models);
    } catch (IllegalArgumentException unusable) {
      models.forEach(RetryingModel::close);
      throw unusable;
    }
  }

  /** At least one. */
  public List<RetryingModel> models() {
    return models;
  }

  @Override
  public void close() {
    models.forEach(RetryingModel::close);
  }
}
