package io.heartbeat4j.worker.llm;

import static io.heartbeat4j.worker.llm.ProviderStreamFixture.json;
import static io.heartbeat4j.worker.llm.ProviderStreamFixture.toolCall;
import static io.heartbeat4j.testkit.HeartbeatAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.testkit.TestIssue;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A thread that a provider would refuse for ever: no issue dies of it. */
class PoisonedTranscriptTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BAD = "{\"error\": {\"type\": \"invalid_request_error\", \"message\": \"messages.1: bad\"}}";

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "GEMINI") // Gemini sends arguments as an object, not as text
  void a_call_that_was_cut_is_sent_back_whole(WireFormat wireFormat) throws Exception {
    try (RawResponseServer provider = RawResponseServer.start(
        RawResponseServer.bytewise(toolCall(wireFormat, "write", "{\"path\": \"a\", \"content\": \"half a")),
        RawResponseServer.bytewise(finish(wireFormat, "blocked")));
        LlmFixture llmFixture = LlmFixture.at(provider.url(), wireFormat, Map.of())) {
      assertThat(llmFixture.work("Write", "it").status()).isEqualTo(IssueStatus.BLOCKED);
      assertThat(JSON.readTree(provider.requests().get(1)).toString())
          .doesNotContain("half a").contains("not JSON");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_transcript_with_every_kind_of_damage_is_gone_on_with(WireFormat wireFormat) throws Exception {
    try (LlmFixture llmFixture = LlmFixture.open(wireFormat, ScriptedTurn.finishing("blocked", "I need a word."))) {
      TestIssue worked = llmFixture.work("Write", "it");
      Files.writeString(llmFixture.state().resolve("transcript.jsonl"), """
          {"at":"2026-11-28T00:00:00Z","message":{"toolExecutionRequests":[],"attributes":{},"type":"AI"}}
          {"at":"2026-11-28T00:00:00Z","message":{"id":"gone","toolName":"read","contents":[{"text":"orphan","type":"TEXT"}],"isError":false,"attributes":{},"type":"TOOL_EXECUTION_RESULT"}}
          {"at":"2026-11-28T00:00:00Z","message":{"toolExecutionRequests":[{"id":"cut","name":"write","arguments":"{\\"path\\": \\"half"}],"attributes":{},"type":"AI"}}
          """, StandardOpenOption.APPEND);
      ScriptedTurn done = ScriptedTurn.finishing("done", "Here it is.");
      llmFixture.script(done, done, done, done);
      TestIssue again = worked.comment("Please go on.");

      assertThat(again).isDone();
      assertThat(llmFixture.requests()).hasSize(1);
      assertThat(llmFixture.requests().get(0).path("messages").toString()).contains("Nobody knows what came of this")
          .contains("Please go on.").contains("I need a word.").doesNotContain("half").doesNotContain("orphan");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_thread_that_is_refused_begins_anew_with_a_summary(WireFormat wireFormat) throws Exception {
    try (RawResponseServer provider = RawResponseServer.start(
        RawResponseServer.bytewise(toolCall(wireFormat, "write", json(Map.of("path", "a", "content", "b")))),
        RawResponseServer.refusing(400, "X-Test", "x", BAD),
        RawResponseServer.bytewise(finish(wireFormat, "done")));
        LlmFixture llmFixture = LlmFixture.at(provider.url(), wireFormat, Map.of())) {
      TestIssue worked = llmFixture.work("Write", "a letter");

      assertThat(worked).isDone();
      assertThat(provider.requests()).hasSize(3);
      assertThat(provider.requests().get(2)).contains("a letter").contains("You have worked on the issue before")
          .contains("- write ");
      assertThat(worked.progress()).anySatisfy(line -> assertThat(line).contains("a new one is begun")
          .contains("messages.1: bad"));
      assertThat(llmFixture.state().resolve("transcript.broken.jsonl")).exists();
    }
  }

  @ParameterizedTest
  @EnumSource
  void it_begins_anew_only_once(WireFormat wireFormat) throws Exception {
    try (RawResponseServer provider = RawResponseServer.start(
        RawResponseServer.bytewise(toolCall(wireFormat, "list", "{}")),
        RawResponseServer.refusing(400, "X-Test", "x", BAD),
        RawResponseServer.bytewise(toolCall(wireFormat, "list", "{}")),
        RawResponseServer.refusing(400, "X-Test", "x", BAD));
        LlmFixture llmFixture = LlmFixture.at(provider.url(), wireFormat, Map.of())) {
      TestIssue worked = llmFixture.work("Write", "a letter");

      assertThat(worked).isBlocked();
      assertThat(worked.lastComment()).contains("messages.1: bad");
      assertThat(provider.requests()).hasSize(4);
    }
  }

  private static String finish(WireFormat wireFormat, String outcome) throws Exception {
    return toolCall(wireFormat, "finish", json(Map.of("outcome", outcome, "summary", "That is it.")));
  }
}
