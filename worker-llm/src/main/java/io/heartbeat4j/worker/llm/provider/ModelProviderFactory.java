package io.heartbeat4j.worker.llm.provider;

import dev.langchain4j.http.client.HttpClientBuilder;

/**
 * Makes the models of one provider. Found by {@link java.util.ServiceLoader} with the plugin's own class loader:
 * another provider is a jar with an implementation, dropped into the plugin's folder.
 */
public interface ModelProviderFactory {

  /** What the setting {@code model.provider} names. */
  String name();

  /**
   * Makes the model.
   *
   * @param http makes clients that keep to the settings' proxy and time limit, send their headers and further fields,
   *     block, and keep what the provider says with a refusal; a model that has its own client may ignore it
   * @throws IllegalArgumentException if the settings can't be used, in words for the operator
   */
  ModelProvider create(ModelSettings settings, HttpClientBuilder http);
}
