package io.heartbeat4j.worker.llm;

import static io.heartbeat4j.worker.llm.ProviderStreamFixture.cutCall;
import static io.heartbeat4j.worker.llm.ProviderStreamFixture.gemini;
import static io.heartbeat4j.worker.llm.ProviderStreamFixture.json;
import static io.heartbeat4j.worker.llm.ProviderStreamFixture.toolCall;
import static io.heartbeat4j.testkit.HeartbeatAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.heartbeat4j.testkit.TestIssue;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An answer that reaches the limit of tokens: gone on with once, and then told; never paid for again and again. */
class CutAnswerTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HALF = "{\"path\": \"a\", \"content\": \"half a";

  @ParameterizedTest
  @EnumSource
  void a_cut_answer_is_gone_on_with_in_smaller_steps(WireFormat wireFormat) throws Exception {
    try (RawResponseServer provider = RawResponseServer.start(
        RawResponseServer.bytewise(cutCall(wireFormat, "write", HALF)),
        RawResponseServer.bytewise(toolCall(wireFormat, "write", json(Map.of("path", "a", "content", "b")))),
        RawResponseServer.bytewise(cutCall(wireFormat, "write", HALF)),
        RawResponseServer
            .bytewise(toolCall(wireFormat, "finish", json(Map.of("outcome", "done", "summary", "Written.")))));
        LlmFixture llmFixture = LlmFixture.at(provider.url(), wireFormat, Map.of())) {
      TestIssue worked = llmFixture.work("Write", "a long file");

      assertThat(worked).isDone();
      assertThat(provider.requests()).hasSize(4);
      assertThat(JSON.readTree(provider.requests().get(1)).toString()).contains("cut at the limit of 8192 tokens")
          .contains("smaller steps").doesNotContain("half a");
      assertThat(llmFixture.readFile("a")).isEqualTo("b");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_second_cut_answer_is_told_and_not_paid_for_again(WireFormat wireFormat) throws Exception {
    RawResponseServer.Response cut = RawResponseServer.bytewise(cutCall(wireFormat, "write", HALF));
    try (RawResponseServer provider = RawResponseServer.start(cut, cut, cut, cut, cut, cut);
        LlmFixture llmFixture = LlmFixture.at(provider.url(), wireFormat, Map.of("model", Map.of("max-tokens", 300)))) {
      TestIssue worked = llmFixture.work("Write", "a long file");

      assertThat(worked).isBlocked();
      assertThat(worked.lastComment()).contains("cut at the limit of 300 tokens").contains("model.max-tokens")
          .contains("2 step(s)");
      assertThat(worked.cards()).hasSize(1);
      assertThat(provider.requests()).hasSize(2);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENAI", "RESPONSES", "ANTHROPIC"}) // Gemini sends a call whole, or not at all
  void the_last_call_of_a_cut_answer_is_not_done_even_if_it_looks_whole(WireFormat wireFormat) throws Exception {
    try (RawResponseServer provider = RawResponseServer.start(
        RawResponseServer.bytewise(cutCall(wireFormat, "write", json(Map.of("path", "a", "content", "b")))),
        RawResponseServer
            .bytewise(toolCall(wireFormat, "finish", json(Map.of("outcome", "blocked", "summary", "No.")))));
        LlmFixture llmFixture = LlmFixture.at(provider.url(), wireFormat, Map.of())) {
      assertThat(llmFixture.work("Write", "a long file").lastComment()).isEqualTo("No.");
      assertThat(llmFixture.hasFile("a")).isFalse();
    }
  }

  @Test
  void an_answer_of_thoughts_alone_is_a_cut_one() throws Exception {
    String thoughts = gemini(List.of(Map.of("text", "Hm.", "thought", true)), "MAX_TOKENS");
    try (RawResponseServer provider = RawResponseServer.start(RawResponseServer.bytewise(thoughts),
        RawResponseServer.bytewise(thoughts), RawResponseServer.bytewise(thoughts));
        LlmFixture llmFixture = LlmFixture.at(provider.url(), WireFormat.GEMINI, Map.of())) {
      TestIssue worked = llmFixture.work("Think", "hard");
      assertThat(worked.lastComment()).as(worked.toString()).contains("cut at the limit of 8192 tokens");
      assertThat(provider.requests()).hasSize(2);
    }
  }
}
