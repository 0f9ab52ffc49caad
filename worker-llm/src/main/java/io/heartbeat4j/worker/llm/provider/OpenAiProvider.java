package io.heartbeat4j.worker.llm.provider;

import static io.heartbeat4j.worker.llm.provider.ModelProvider.TokenCounts.count;

import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiTokenUsage;
import dev.langchain4j.model.output.TokenUsage;
import java.net.URI;

/**
 * Chat completions, as they are spoken by Ollama, vLLM, LM Studio, OpenRouter and others. OpenAI's own service refuses
 * tools to its newer models there, and is asked for {@linkplain OpenAiResponsesProvider responses}.
 */
public record OpenAiProvider(StreamingChatModel model) implements ModelProvider {

  /** For the service loader. */
  public static final class Factory implements ModelProviderFactory {
    @Override
    public String name() {
      return "openai";
    }

    @Override
    public ModelProvider create(ModelSettings settings, HttpClientBuilder http) {
      settings.requireKey("OPENAI_API_KEY");
      if (settings.baseUrl().isEmpty()) {
        return OpenAiResponsesProvider.of(settings, http);
      }
      var builder = OpenAiStreamingChatModel.builder()
          .httpClientBuilder(http)
          .timeout(settings.timeout())
          .apiKey(settings.key())
          .modelName(settings.name())
          .maxTokens(settings.maxTokens());
      settings.baseUrl().map(URI::toString).ifPresent(builder::baseUrl);
      settings.temperature().ifPresent(builder::temperature);
      settings.reasoningEffort().ifPresent(builder::reasoningEffort);
      return new OpenAiProvider(builder.build());
    }
  }

  @Override
  public TokenCounts tokens(ChatResponse response) {
    return countTokens(response);
  }

  static TokenCounts countTokens(ChatResponse response) {
    TokenUsage usage = response.tokenUsage();
    if (usage == null) {
      return TokenCounts.NONE;
    }
    long cached = usage instanceof OpenAiTokenUsage own && own.inputTokensDetails() != null
        ? count(own.inputTokensDetails().cachedTokens())
        : 0;
    return new TokenCounts(count(usage.inputTokenCount()), cached, 0, count(usage.outputTokenCount()));
  }
}
