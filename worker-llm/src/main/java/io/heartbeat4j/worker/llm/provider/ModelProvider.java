package io.heartbeat4j.worker.llm.provider;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.List;

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

  /** Whether the model's call returns only when the answer is there, as it does with the client that it was given. */
  default boolean isBlocking() {
    return false;
  }

  /**
   * Tokens of one call.
   *
   * @param input all input, cached input included
   * @param cacheRead input that came from the provider's cache
   * @param cacheWritten input that the provider put into its cache, where it bills that apart
   */
  record TokenCounts(long input, long cacheRead, long cacheWritten, long output) {}
}
