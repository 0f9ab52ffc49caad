package io.heartbeat4j.worker.llm.provider;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One model of a provider. Thread-safe. */
public interface ModelProvider {

  /** The model, its answers streamed. */
  StreamingChatModel model();

  /** What an answer used. */
  TokenCounts tokens(ChatResponse response);

  /** The messages with marks for the provider's cache, where it wants any: all but the newest will be sent again. */
  default List<ChatMessage> withCacheMarkers(List<ChatMessage> messages) {
    return messages;
  }

  /**
   * Whether the model's call returns only when the answer is there, as it does with the client that it was given. A
   * model with a client of its own may return before.
   */
  default boolean isBlocking() {
    return true;
  }

  /**
   * Tokens of one call.
   *
   * @param input all input, cached input included
   * @param cacheRead input that came from the provider's cache
   * @param cacheWritten input that the provider put into its cache, where it bills that apart
   */
  record TokenCounts(long input, long cacheRead, long cacheWritten, long output) {

    static final TokenCounts NONE = new TokenCounts(0, 0, 0, 0);

    static long count(@Nullable Integer tokens) {
      return tokens == null ? 0 : tokens;
    }
  }
}
