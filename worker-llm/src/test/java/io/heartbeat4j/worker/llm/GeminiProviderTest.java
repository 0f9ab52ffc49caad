package io.heartbeat4j.worker.llm;

import static io.heartbeat4j.worker.llm.ProviderStreamFixture.gemini;
import static io.heartbeat4j.worker.llm.ProviderStreamFixture.json;
import static io.heartbeat4j.worker.llm.ProviderStreamFixture.toolCall;
import static io.heartbeat4j.testkit.HeartbeatAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.testkit.TestIssue;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What is Gemini's alone, written after its API reference: signatures, thoughts, its words for a quota and a wrong key.
 */
class GeminiProviderTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void gemini_is_given_the_signatures_of_its_calls_back_and_its_thoughts_are_billed() throws Exception {
    List<Map<String, Object>> signed = List.of(
        Map.of("text", "I list it.", "thought", true),
        Map.of("functionCall", Map.of("name", "list", "args", Map.of()), "thoughtSignature", "c2lnbmF0dXJl"),
        Map.of("functionCall", Map.of("name", "glob", "args", Map.of("pattern", "*"))));
    try (RawResponseServer provider = RawResponseServer.start(
        RawResponseServer.bytewise(gemini(signed, "STOP")),
        RawResponseServer
            .bytewise(toolCall(WireFormat.GEMINI, "finish", json(Map.of("outcome", "done", "summary", "Done.")))));
        LlmFixture llmFixture = LlmFixture.at(provider.url(), WireFormat.GEMINI,
            Map.of("prices", Map.of("gemini-2.5-flash", "10, 1, 100")))) {
      TestIssue worked = llmFixture.work("List", "it");
      assertThat(worked).isDone();
      var second = JSON.readTree(provider.requests().get(1)).path("contents");
      assertThat(second.toString()).contains("\"thoughtSignature\":\"c2lnbmF0dXJl\"");
      assertThat(second.findValues("functionResponse")).extracting(answer -> answer.path("name").asText())
          .containsExactly("list", "glob");
      // twice: 1000 plain, 2000 cached, 100 out = 1 + 0.2 + 1 cents
      assertThat(worked.progress()).anySatisfy(line -> assertThat(line)
          .contains("6,000 tokens in (4,000 of them cached), 200 out, 0.0440 US dollars"));
    }
  }

  @Test
  void a_call_that_gemini_could_not_write_is_asked_for_again() throws Exception {
    try (RawResponseServer provider = RawResponseServer.start(
        RawResponseServer.bytewise(gemini(List.of(), "MALFORMED_FUNCTION_CALL")),
        RawResponseServer.bytewise(
            toolCall(WireFormat.GEMINI, "finish", json(Map.of("outcome", "needs_review", "summary", "Look.")))));
        LlmFixture llmFixture = LlmFixture.at(provider.url(), WireFormat.GEMINI, Map.of())) {
      TestIssue worked = llmFixture.work("Look", "at it");
      assertThat(worked).isInReview();
      assertThat(provider.requests()).hasSize(2);
    }
  }

  @Test
  void gemini_names_the_time_to_wait_in_its_error() throws Exception {
    String quota = """
        {"error": {"code": 429, "message": "You exceeded your current quota.", "status": "RESOURCE_EXHAUSTED", "details": [
          {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{"quotaMetric": "requests"}]},
          {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "900.5s"}]}}""";
    try (
        RawResponseServer provider = RawResponseServer
            .start(RawResponseServer.refusing(429, "Content-Type", "application/json", quota));
        LlmFixture llmFixture = LlmFixture.at(provider.url(), WireFormat.GEMINI, Map.of())) {
      Instant before = Instant.now();
      TestIssue worked = llmFixture.work("Think", "hard");
      assertThat(worked).isInReview();
      assertThat(worked.lastComment()).contains("You exceeded your current quota.");
      assertThat(worked.issue().monitorNextCheckAt()).isBetween(before.plusSeconds(899),
          Instant.now().plusSeconds(922));
      assertThat(llmFixture.work("Think again", "hard").status()).isEqualTo(IssueStatus.IN_REVIEW);
      assertThat(provider.requests()).as("nobody asks while the gate is closed").hasSize(1);
    }
  }

  @Test
  void a_key_that_google_does_not_know_stops_the_work_at_once() throws Exception {
    String invalid = """
        {"error": {"code": 400, "message": "API key not valid. Please pass a valid API key.", "status": "INVALID_ARGUMENT",
          "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}]}}""";
    try (
        RawResponseServer provider = RawResponseServer
            .start(RawResponseServer.refusing(400, "Content-Type", "application/json", invalid));
        LlmFixture llmFixture = LlmFixture.at(provider.url(), WireFormat.GEMINI, Map.of())) {
      TestIssue worked = llmFixture.work("Think", "hard");
      assertThat(worked).isBlocked();
      assertThat(worked.lastComment()).contains("API key not valid").contains("Check model.api-key");
      assertThat(provider.requests()).hasSize(1);
    }
  }
}
