package io.heartbeat4j.worker.llm.provider;

import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiResponsesStreamingChatModel;
import java.net.URI;

/**
 * OpenAI's responses: its own service, and gateways that speak them. Nothing is stored there; the thread is sent each
 * time.
 */
public record OpenAiResponsesProvider(StreamingChatModel model) implements ModelProvider {

  /** For the service loader. */
  public static final class Factory implements ModelProviderFactory {
    @Override
    public String name() {
      return "openai-responses";
    }

    @Override
    public ModelProvider create(ModelSettings settings, HttpClientBuilder http) {
      settings.requireKey("OPENAI_API_KEY");
      return of(settings, http);
    }
  }

  static ModelProvider of(ModelSettings settings, HttpClientBuilder http) {
    var builder = OpenAiResponsesStreamingChatModel.builder()
        .httpClientBuilder(http)
        .apiKey(settings.key())
        .modelName(settings.name())
        .maxOutputTokens(settings.maxTokens())
        .strictTools(false)
        .store(false);
    settings.baseUrl().map(URI::toString).ifPresent(builder::baseUrl);
    settings.temperature().ifPresent(builder::temperature);
    settings.reasoningEffort().ifPresent(builder::reasoningEffort);
    return new OpenAiResponsesProvider(builder.build());
  }

  @Override
  public TokenCounts tokens(ChatResponse response) {
    return OpenAiProvider.countTokens(response);
  }
}
