package io.heartbeat4j.worker.llm.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TranscriptRepairTest {

  private static final UserMessage FIRST = UserMessage.from("the issue");
  private static final ToolExecutionRequest CALL = call("1", "read", "{\"path\":\"a\"}");

  @Test
  void a_whole_thread_stays_as_it_is() {
    List<ChatMessage> whole = List.of(FIRST, AiMessage.from("well", List.of(CALL)),
        ToolExecutionResultMessage.from(CALL, "x"), AiMessage.from("done"));
    assertThat(TranscriptRepair.repair(whole)).isEqualTo(whole);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"path\": \"a\", \"content\": \"half a", "", "[1]", "{} {}", "null", "\"text\""})
  void arguments_that_are_no_object_become_one(String arguments) {
    ToolExecutionRequest cut = call("1", "write", arguments);
    List<ChatMessage> repaired = TranscriptRepair
        .repair(List.of(FIRST, AiMessage.from(List.of(cut)), ToolExecutionResultMessage.from(cut, "not JSON")));
    assertThat(repaired).hasSize(3);
    assertThat(((AiMessage) repaired.get(1)).toolExecutionRequests()).extracting(ToolExecutionRequest::arguments)
        .containsExactly("{}");
    assertThat(repaired.get(2)).isEqualTo(ToolExecutionResultMessage.from(cut, "not JSON"));
  }

  @Test
  void an_empty_answer_gets_words() {
    assertThat(TranscriptRepair.repair(List.of(FIRST, AiMessage.builder().build(), FIRST, AiMessage.from(" \n"))))
        .containsExactly(FIRST, AiMessage.from("(an empty answer)"), FIRST, AiMessage.from("(an empty answer)"));
  }

  @Test
  void every_call_has_one_answer_right_after_it() {
    ToolExecutionRequest other = call("2", "list", "{}");
    List<ChatMessage> repaired = TranscriptRepair.repair(List.of(FIRST, AiMessage.from(List.of(CALL, other)),
        ToolExecutionResultMessage.from(other, "y"), FIRST, ToolExecutionResultMessage.from(CALL, "too late"),
        AiMessage.from(List.of(CALL))));
    assertThat(repaired).hasSize(7);
    assertThat(((ToolExecutionResultMessage) repaired.get(2)).text()).isEqualTo("y");
    assertThat(((ToolExecutionResultMessage) repaired.get(3)).text()).contains("Nobody knows");
    assertThat(repaired.get(4)).isEqualTo(FIRST);
    assertThat(((ToolExecutionResultMessage) repaired.get(6)).text()).contains("Nobody knows");
  }

  @Test
  void calls_of_the_same_id_have_an_answer_each() {
    List<ChatMessage> twice = List.of(FIRST, AiMessage.from(List.of(CALL, CALL)),
        ToolExecutionResultMessage.from(CALL, "x"), ToolExecutionResultMessage.from(CALL, "y"));
    assertThat(TranscriptRepair.repair(twice)).isEqualTo(twice);
  }

  @Test
  void a_tool_without_a_name_gets_one_in_the_call_and_in_the_answer() {
    ToolExecutionRequest nameless = call("1", "", "{}");
    List<ChatMessage> repaired = TranscriptRepair
        .repair(List.of(FIRST, AiMessage.from(List.of(nameless)), ToolExecutionResultMessage.from(nameless, "x")));
    assertThat(((AiMessage) repaired.get(1)).toolExecutionRequests().get(0).name()).isEqualTo("unnamed");
    assertThat(((ToolExecutionResultMessage) repaired.get(2)).toolName()).isEqualTo("unnamed");
  }

  @Test
  void a_thread_begins_with_our_message() {
    assertThat(TranscriptRepair.repair(
        List.of(ToolExecutionResultMessage.from(CALL, "x"), AiMessage.from("hm"), FIRST, AiMessage.from("well"))))
        .containsExactly(FIRST, AiMessage.from("well"));
  }

  private static ToolExecutionRequest call(String id, String name, String arguments) {
    return ToolExecutionRequest.builder().id(id).name(name).arguments(arguments).build();
  }
}
