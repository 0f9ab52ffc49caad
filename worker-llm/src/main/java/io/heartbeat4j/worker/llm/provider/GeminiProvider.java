package io.heartbeat4j.worker.llm.provider;

import static io.heartbeat4j.worker.llm.provider.ModelProvider.TokenCounts.count;

import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.googleai.GeminiThinkingConfig;
import dev.langchain4j.model.googleai.GoogleAiGeminiStreamingChatModel;
import dev.langchain4j.model.googleai.GoogleAiGeminiTokenUsage;
import dev.langchain4j.model.output.TokenUsage;
import java.net.URI;

/** Google's Gemini API. Its cache works by itself. */
public record GeminiProvider(StreamingChatModel model) implements ModelProvider {

  /** For the service loader. */
  public static final class Factory implements ModelProviderFactory {
    @Override
    public String name() {
      return "gemini";
    }

    @Override
    public ModelProvider create(ModelSettings settings, HttpClientBuilder http) {
      settings.requireKey("GEMINI_API_KEY");
      var builder = GoogleAiGeminiStreamingChatModel.builder()
          .httpClientBuilder(http)
          .timeout(settings.timeout())
          .apiKey(settings.key())
          .modelName(settings.name())
          .maxOutputTokens(settings.maxTokens())
          .returnThinking(true) // its calls of tools are signed, and have to go back with their signatures
          .sendThinking(true);
      settings.baseUrl().map(URI::toString).ifPresent(builder::baseUrl);
      settings.temperature().ifPresent(builder::temperature);
      settings.reasoningEffort()
          .ifPresent(effort -> builder.thinkingConfig(GeminiThinkingConfig.builder().thinkingLevel(effort).build()));
      return new GeminiProvider(builder.build());
    }
  }

  @Override
  public TokenCounts tokens(ChatResponse response) {
    TokenUsage usage = response.tokenUsage();
    if (usage == null) {
      return TokenCounts.NONE;
    }
    long cached = usage instanceof GoogleAiGeminiTokenUsage own ? count(own.cachedContentTokenCount()) : 0;
    long input = count(usage.inputTokenCount());
    long output = Math.max(count(usage.outputTokenCount()), count(usage.totalTokenCount()) - input); // with its thoughts
    return new TokenCounts(input, cached, 0, output);
  }
}
