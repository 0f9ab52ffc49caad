package io.heartbeat4j.worker.llm.provider;

import static io.heartbeat4j.worker.llm.provider.ModelProvider.TokenCounts.count;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel.AnthropicStreamingChatModelBuilder;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.anthropic.AnthropicTokenUsage;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Anthropic's Messages API, with the tools, the system prompt and the thread so far in its cache. */
public record AnthropicProvider(StreamingChatModel model) implements ModelProvider {

  private static final int SMALL = 1024;
  private static final Map<String, Integer> THINKING = Map.of("minimal", SMALL, "low", 2 * SMALL, "medium", 8 * SMALL,
      "high", 24 * SMALL, "xhigh", 31 * SMALL, "max", 31 * SMALL);
  /** Up to version 4.5. */
  private static final Pattern COUNTS_ITS_THOUGHTS = Pattern.compile("claude-(3-|[a-z]+-4(-[015])?(-?20\\d{6})?$)");

  /** For the service loader. */
  public static final class Factory implements ModelProviderFactory {
    @Override
    public String name() {
      return "anthropic";
    }

    @Override
    public ModelProvider create(ModelSettings settings, HttpClientBuilder http) {
      settings.requireKey("ANTHROPIC_API_KEY");
      var builder = AnthropicStreamingChatModel.builder()
          .httpClientBuilder(http)
          .timeout(settings.timeout())
          .apiKey(settings.key())
          .modelName(settings.name())
          .maxTokens(settings.maxTokens())
          .cacheSystemMessages(true)
          .cacheTools(true);
      settings.baseUrl().map(URI::toString).ifPresent(builder::baseUrl);
      settings.temperature().ifPresent(builder::temperature);
      settings.reasoningEffort().ifPresent(effort -> think(builder, settings, effort));
      return new AnthropicProvider(builder.build());
    }

    /**
     * Newer models think as much as they find useful, and refuse a number; older ones know numbers only, and have to be
     * sent their thoughts again. Those of newer ones are left out, which they accept, while changed ones they would
     * not.
     */
    private static void think(
        AnthropicStreamingChatModelBuilder builder, ModelSettings settings, String effort) {
      if (COUNTS_ITS_THOUGHTS.matcher(settings.name()).find()) {
        int budget = THINKING.getOrDefault(effort, 8 * SMALL);
        builder.thinkingType("enabled")
            .thinkingBudgetTokens(budget)
            .maxTokens(settings.maxTokens() + budget)
            .returnThinking(true)
            .sendThinking(true);
      } else {
        builder.thinkingType("adaptive")
            .customParameters(Map.of("output_config", Map.of("effort", effort.equals("minimal") ? "low" : effort)));
      }
    }
  }

  /** Anthropic counts input from and into the cache beside the rest. */
  @Override
  public TokenCounts tokens(ChatResponse response) {
    if (!(response.tokenUsage() instanceof AnthropicTokenUsage usage)) {
      return TokenCounts.NONE;
    }
    long read = count(usage.cacheReadInputTokens());
    long written = count(usage.cacheCreationInputTokens());
    return new TokenCounts(count(usage.inputTokenCount()) + read + written, read, written,
        count(usage.outputTokenCount()));
  }

  /** A mark on the newest message: what the thread has up to there is read from the cache with the next call. */
  @Override
  public List<ChatMessage> withCacheMarkers(List<ChatMessage> messages) {
    List<ChatMessage> marked = new ArrayList<>(messages);
    for (int i = marked.size() - 1; i >= 0; i--) {
      switch (marked.get(i)) {
        case ToolExecutionResultMessage result -> {
          marked.set(i, result.toBuilder().attributes(with(result.attributes())).build());
          return marked;
        }
        case UserMessage user -> {
          marked.set(i, user.toBuilder().attributes(with(user.attributes())).build());
          return marked;
        }
        default -> {
        }
      }
    }
    return marked;
  }

  private static Map<String, Object> with(Map<String, Object> attributes) {
    Map<String, Object> more = new HashMap<>(attributes);
    more.put("cache_control", "ephemeral");
    return more;
  }
}
