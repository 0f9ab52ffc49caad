package io.heartbeat4j.worker.llm.loop;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import io.heartbeat4j.worker.agent.TextTruncator;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a thread shorter: output of tools goes first, the oldest before the newer, since a tool can be asked again;
 * then the oldest rounds, but never the first message, which says what the issue is; then what is left is cut. Calls
 * and their answers stay together. Pure.
 */
final class TranscriptCompactor {

  /** About what a token is in the thread of a program; on the safe side. */
  private static final int CHARACTERS_A_TOKEN = 3;

  private static final int MIN_CHARACTERS = 300;

  private TranscriptCompactor() {}

  /** About how many tokens the messages are. */
  static long estimateTokens(List<ChatMessage> messages) {
    return messages.stream().mapToLong(TranscriptCompactor::characters).sum() / CHARACTERS_A_TOKEN;
  }

  /** The thread in about {@code most} tokens; the same list where it is short enough. */
  static List<ChatMessage> compact(long most, List<ChatMessage> messages) {
    List<ChatMessage> shorter = new ArrayList<>(messages);
    for (int i = 0; i < newestRound(shorter) && estimateTokens(shorter) > most; i++) {
      if (shorter.get(i) instanceof ToolExecutionResultMessage result && characters(result) > MIN_CHARACTERS) {
        shorter.set(i, withText(result, "[left out: " + result.text().length() + " characters of output]"));
      }
    }
    while (estimateTokens(shorter) > most && dropOldestRound(shorter)) {
      // one round after the other
    }
    for (int i = 0; i < shorter.size() && estimateTokens(shorter) > most; i++) {
      shorter.set(i,
          cut(shorter.get(i), (int) Math.max(MIN_CHARACTERS, most * CHARACTERS_A_TOKEN / (2L * shorter.size()))));
    }
    return estimateTokens(messages) <= most ? messages : shorter;
  }

  private static int newestRound(List<ChatMessage> messages) {
    int at = messages.size() - 1;
    while (at > 0 && !(messages.get(at) instanceof AiMessage)) {
      at--;
    }
    return at;
  }

  /**
   * A round is the model's message and the answers to its calls, or a message of ours. The first and the last one stay.
   */
  private static boolean dropOldestRound(List<ChatMessage> messages) {
    int end = 2;
    while (end < messages.size() && messages.get(end) instanceof ToolExecutionResultMessage) {
      end++;
    }
    if (end >= messages.size()) {
      return false;
    }
    messages.subList(1, end).clear();
    return true;
  }

  private static ChatMessage cut(ChatMessage message, int most) {
    return switch (message) {
      case ToolExecutionResultMessage result -> withText(result, TextTruncator.cutMiddle(result.text(), most));
      case UserMessage user when user.hasSingleText() ->
        UserMessage.from(TextTruncator.cutMiddle(user.singleText(), most));
      default -> message;
    };
  }

  private static ChatMessage withText(ToolExecutionResultMessage result, String text) {
    return ToolExecutionResultMessage.builder()
        .id(result.id()).toolName(result.toolName()).text(text).isError(result.isError()).build();
  }

  private static long characters(ChatMessage message) {
    return switch (message) {
      case AiMessage ai -> length(ai.text()) + length(ai.thinking())
          + ai.toolExecutionRequests().stream().mapToLong(TranscriptCompactor::characters).sum();
      case ToolExecutionResultMessage result -> length(result.text());
      case UserMessage user -> user.hasSingleText() ? length(user.singleText()) : 0;
      case dev.langchain4j.data.message.SystemMessage system -> length(system.text());
      default -> 0;
    };
  }

  private static long characters(ToolExecutionRequest call) {
    return length(call.name()) + length(call.arguments());
  }

  private static long length(String text) {
    return text == null ? 0 : text.length();
  }
}
