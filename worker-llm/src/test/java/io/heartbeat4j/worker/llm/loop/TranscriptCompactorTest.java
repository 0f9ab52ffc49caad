package io.heartbeat4j.worker.llm.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TranscriptCompactorTest {

  @Test
  void old_output_goes_first_and_what_the_issue_is_stays() {
    List<ChatMessage> messages = thread(List.of(3000, 3000, 3000, 100, 100));
    List<ChatMessage> shorter = TranscriptCompactor.compact(2500, messages);
    assertThat(shorter).hasSameSizeAs(messages);
    assertThat(shorter.get(0)).isEqualTo(messages.get(0));
    assertThat(((ToolExecutionResultMessage) shorter.get(2)).text()).isEqualTo("[left out: 3000 characters of output]");
    assertThat(TranscriptCompactor.estimateTokens(shorter)).isLessThanOrEqualTo(2500);
  }

  @Test
  void what_is_short_enough_stays_as_it_is() {
    List<ChatMessage> messages = thread(List.of(30, 30));
    assertThat(TranscriptCompactor.compact(1000, messages)).isSameAs(messages);
  }

  @Property(tries = 500)
  void it_gets_shorter_and_every_answer_keeps_its_call(
      @ForAll @Size(min = 1, max = 40) List<@IntRange(min = 1, max = 9000) Integer> outputs,
      @ForAll @IntRange(min = 1500, max = 20_000) int most) {
    List<ChatMessage> shorter = TranscriptCompactor.compact(most, thread(outputs));
    assertThat(TranscriptCompactor.estimateTokens(shorter)).isLessThanOrEqualTo(most);
    assertThat(shorter.get(0)).isInstanceOf(UserMessage.class);
    Set<String> open = new HashSet<>();
    for (ChatMessage message : shorter) {
      if (message instanceof AiMessage ai) {
        assertThat(open).isEmpty();
        ai.toolExecutionRequests().forEach(call -> open.add(call.id()));
      } else if (message instanceof ToolExecutionResultMessage result) {
        assertThat(open.remove(result.id())).as("the call of %s", result.id()).isTrue();
      }
    }
    assertThat(open).isEmpty();
  }

  /** One round for each output, of two calls with the same output. */
  private static List<ChatMessage> thread(List<Integer> outputs) {
    List<ChatMessage> messages = new ArrayList<>();
    messages.add(UserMessage.from("the issue"));
    int id = 0;
    for (int output : outputs) {
      ToolExecutionRequest one = ToolExecutionRequest.builder().id("a" + id).name("read").arguments("{}").build();
      ToolExecutionRequest two = ToolExecutionRequest.builder().id("b" + id++).name("read").arguments("{}").build();
      messages.add(AiMessage.from(List.of(one, two)));
      messages.add(ToolExecutionResultMessage.from(one, "x".repeat(output)));
      messages.add(ToolExecutionResultMessage.from(two, "y".repeat(output)));
    }
    return messages;
  }
}
