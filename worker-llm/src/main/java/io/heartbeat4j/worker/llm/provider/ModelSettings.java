package io.heartbeat4j.worker.llm.provider;

import io.heartbeat4j.worker.DefaultValue;
import io.heartbeat4j.worker.Description;
import io.heartbeat4j.worker.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which model is called, and how. */
public record ModelSettings(
    @Description("anthropic, openai (and every server that speaks its language), openai-responses, gemini, or one from a jar beside the plugin") String provider,
    @Description("the model's name, as the provider spells it") String name,
    @Description("where the provider is, up to and with /v1; by default the provider's own service") Optional<URI> baseUrl,
    @Description("the key; leave it out where the server wants none") Optional<Secret> apiKey,
    @Description("names the account that a used up quota belongs to, where a process uses several") @DefaultValue("default") String account,
    @Description("minimal, low, medium, high, xhigh or max, as far as the model knows them") Optional<String> reasoningEffort,
    @Description("for models that take it") Optional<Double> temperature,
    @Description("tokens of one answer") @DefaultValue("8192") int maxTokens,
    @Description("tokens that the model can read at once: the thread is shortened before that") @DefaultValue("200000") int contextWindow,
    @Description("the wait for an answer's start, and for the next piece of it") @DefaultValue("5m") Duration timeout,
    @Description("the pause before a broken call is sent again; it grows") @DefaultValue("2s") Duration firstPause,
    @Description("an HTTP proxy, such as http://proxy:3128") Optional<URI> proxy,
    @Description("further headers of every request") Map<String, Secret> headers,
    @Description("further fields of every request, as the provider spells them") Map<String, Object> parameters) {

  private static final List<String> EFFORTS = List.of("minimal", "low", "medium", "high", "xhigh", "max");

  public ModelSettings {
    if (provider.isBlank() || name.isBlank()) {
      throw new IllegalArgumentException("provider and name of the model are needed");
    }
    if (reasoningEffort.isPresent() && !EFFORTS.contains(reasoningEffort.get())) {
      throw new IllegalArgumentException("reasoning-effort is one of " + String.join(", ", EFFORTS));
    }
    if (maxTokens < 256 || contextWindow < 2 * maxTokens) {
      throw new IllegalArgumentException("max-tokens is at least 256, and context-window at least twice that");
    }
    if (baseUrl.isPresent() && (baseUrl.get().getHost() == null || !baseUrl.get().getScheme().matches("https?"))) {
      throw new IllegalArgumentException("base-url is an http or https address");
    }
    if (!timeout.isPositive() || firstPause.toMillis() < 1) {
      throw new IllegalArgumentException("timeout is more than 0, and first-pause at least 1ms");
    }
    if (proxy.isPresent() && proxy.get().getHost() == null) {
      throw new IllegalArgumentException("proxy is an address such as http://proxy:3128");
    }
  }

  /**
   * Complains where the provider's own service would be asked without a key.
   *
   * @param variable what the key's variable is usually called
   */
  void requireKey(String variable) {
    if (apiKey.isEmpty() && baseUrl.isEmpty()) {
      throw new IllegalArgumentException(
          provider + " needs model.api-key, such as ${ENV:" + variable + "}, or model.base-url for another server");
    }
  }

  /** The key's value; a server that wants none gets a word. */
  public String key() {
    return apiKey.map(Secret::reveal).orElse("none");
  }

  /** The headers with their values. */
  public Map<String, String> headerValues() {
    Map<String, String> values = new LinkedHashMap<>();
    headers.forEach((name, value) -> values.put(name, value.reveal()));
    return values;
  }

  /** Names the gate that is closed when this account's quota is used up. */
  public String gateName() {
    return provider + "/" + account;
  }
}
