package io.heartbeat4j.worker.llm.loop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes a thread that every provider takes, whatever was streamed or cut off before: each call has arguments that are
 * an object, and one answer after it; each message says something; the first one is ours. One wrong message would
 * otherwise be refused with each request for as long as the thread lives. Pure, and the same for the same thread, so
 * that a provider's cache knows it again.
 */
final class TranscriptRepair {

  private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private TranscriptRepair() {}

  static List<ChatMessage> repair(List<ChatMessage> messages) {
    List<ChatMessage> valid = new ArrayList<>();
    List<ToolExecutionRequest> open = new ArrayList<>(); // some servers give several calls the same id
    for (ChatMessage message : messages) {
      if (message instanceof ToolExecutionResultMessage result) {
        if (removeFirst(open, result.id())) {
          valid.add(result.toBuilder().toolName(legalName(result.toolName())).build());
        }
      } else if (!valid.isEmpty() || message instanceof UserMessage) {
        answer(open, valid);
        ChatMessage whole = message instanceof AiMessage ai ? whole(ai) : message;
        if (whole instanceof AiMessage ai) {
          open.addAll(ai.toolExecutionRequests());
        }
        valid.add(whole);
      }
    }
    answer(open, valid);
    return valid;
  }

  private static boolean removeFirst(List<ToolExecutionRequest> open, @Nullable String id) {
    Optional<ToolExecutionRequest> call = open.stream().filter(each -> Objects.equals(each.id(), id)).findFirst();
    call.ifPresent(open::remove);
    return call.isPresent();
  }

  /** A heartbeat that was killed leaves calls without answers. */
  private static void answer(List<ToolExecutionRequest> open, List<ChatMessage> valid) {
    open.forEach(call -> valid
        .add(ToolExecutionResultMessage.from(call, "Nobody knows what came of this: the heartbeat ended.")));
    open.clear();
  }

  private static AiMessage whole(AiMessage ai) {
    if (!ai.hasToolExecutionRequests()) {
      return ai.text() == null || ai.text().isBlank() ? AiMessage.from("(an empty answer)") : ai;
    }
    List<ToolExecutionRequest> calls = ai.toolExecutionRequests().stream().map(TranscriptRepair::whole).toList();
    return calls.equals(ai.toolExecutionRequests()) ? ai : ai.toBuilder().toolExecutionRequests(calls).build();
  }

  private static ToolExecutionRequest whole(ToolExecutionRequest call) {
    boolean whole = isObject(call.arguments()) && legalName(call.name()).equals(call.name());
    return whole ? call
        : call.toBuilder().name(legalName(call.name())).arguments(isObject(call.arguments()) ? call.arguments() : "{}")
            .build();
  }

  private static boolean isObject(@Nullable String arguments) {
    try {
      return arguments != null && JSON.readTree(arguments).isObject();
    } catch (JsonProcessingException cut) {
      return false;
    }
  }

  private static String legalName(@Nullable String name) {
    return name != null && name.matches("[\\w.:-]{1,128}") ? name : "unnamed";
  }
}
