package io.heartbeat4j.worker.llm.loop;

import static java.util.stream.Collectors.joining;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import io.heartbeat4j.worker.agent.TextTruncator;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What a thread came to, for one that takes its place: the calls that worked, and the last words. Made without a model. */
final class ThreadSummary {

  private static final int MOST_CALLS = 60;
  private static final int WIDTH = 200;
  private static final int MOST_WORDS = 4000;

  private ThreadSummary() {}

  /** @param thread {@linkplain TranscriptRepair repaired}, so that each call is answered */
  static String of(List<ChatMessage> thread) {
    List<String> worked = new ArrayList<>();
    List<ToolExecutionRequest> open = new ArrayList<>(); // Gemini gives no ids
    String words = "(none)";
    for (ChatMessage message : thread) {
      if (message instanceof AiMessage ai) {
        open.addAll(ai.toolExecutionRequests());
        words = ai.text() == null || ai.text().isBlank() ? words : ai.text();
      } else if (message instanceof ToolExecutionResultMessage result) {
        ToolExecutionRequest call = open.stream().filter(each -> Objects.equals(each.id(), result.id())).findFirst()
            .orElseThrow();
        open.remove(call);
        if (!Boolean.TRUE.equals(result.isError())) {
          worked.add("- " + call.name() + " " + TextTruncator.cutEnd(call.arguments(), WIDTH));
        }
      }
    }
    return "Calls that worked" + (worked.size() > MOST_CALLS ? ", the last " + MOST_CALLS : "") + ":\n"
        + (worked.isEmpty() ? "- none"
            : worked.stream().skip(Math.max(0, worked.size() - MOST_CALLS)).collect(joining("\n")))
        + "\n\nYour last words:\n" + TextTruncator.cutMiddle(words, MOST_WORDS) + told(thread);
  }

  /** What the model was told last and has not answered yet. */
  private static String told(List<ChatMessage> thread) {
    return thread.size() > 1 && thread.get(thread.size() - 1) instanceof UserMessage user && user.hasSingleText()
        ? "\n\nWhat you were told last:\n" + user.singleText()
        : "";
  }
}
