package io.heartbeat4j.worker.llm;

import static io.heartbeat4j.testkit.HeartbeatAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.testkit.TestIssue;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An agent whose model gives no answer, and that has others which stand in for it. */
class FallbackModelTest {

  private static final WireFormat FIRST = WireFormat.ANTHROPIC;
  private static final WireFormat SECOND = WireFormat.OPENAI;

  @ParameterizedTest
  @CsvSource({"429,rate_limit_error", "529,overloaded_error", "401,authentication_error", "404,not_found_error",
      "500,api_error"})
  void another_model_does_the_work_and_the_comment_names_it(int status, String type) throws Exception {
    try (LlmFixture llmFixture = open(ScriptedTurn.refusing(status, type, "not now").by(FIRST),
        ScriptedTurn.calling("write", Map.of("path", "a", "content", "b")),
        ScriptedTurn.finishing("done", "Written."))) {
      TestIssue worked = llmFixture.work("Write", "it");

      assertThat(worked).isDone().hasCommentContaining("2 step(s) of " + SECOND.model());
      assertThat(llmFixture.readFile("a")).isEqualTo("b");
      assertThat(models(llmFixture)).endsWith(SECOND.model(), SECOND.model()).contains(FIRST.model());
    }
  }

  @Test
  void no_agent_calls_the_first_model_before_its_time_is_over() throws Exception {
    try (LlmFixture llmFixture = open(
        ScriptedTurn.refusing(429, "rate_limit_error", "slow down").retryAfter(900).by(FIRST),
        ScriptedTurn.finishing("blocked", "A person is needed."))) {
      llmFixture.work("Think", "hard");
      llmFixture.work("Think again", "hard");
      assertThat(models(llmFixture)).containsExactly(FIRST.model(), SECOND.model(), SECOND.model());
    }
  }

  @Test
  void where_all_have_no_quota_the_issue_waits_for_the_one_that_has_it_first() throws Exception {
    try (LlmFixture llmFixture = open(
        ScriptedTurn.refusing(429, "rate_limit_error", "slow down").retryAfter(900).by(FIRST),
        ScriptedTurn.refusing(429, "rate_limit_error", "slow down").retryAfter(300).by(SECOND))) {
      Instant before = Instant.now();
      TestIssue worked = llmFixture.work("Think", "hard");
      assertThat(worked).isInReview();
      assertThat(worked.issue().monitorNextCheckAt())
          .isBetween(before.plusSeconds(299), Instant.now().plus(Duration.ofSeconds(321)));
    }
  }

  private static LlmFixture open(ScriptedTurn... turns) throws Exception {
    String url = MockModelServer.running().url();
    Map<String, Object> settings = new HashMap<>();
    settings.put("fallbacks", List.of(LlmFixture.model(SECOND, url + SECOND.path())));
    return LlmFixture.open(FIRST, settings, turns);
  }

  private static List<String> models(LlmFixture llmFixture) throws Exception {
    return llmFixture.requests().stream().map((JsonNode body) -> body.path("model").asText()).toList();
  }
}
