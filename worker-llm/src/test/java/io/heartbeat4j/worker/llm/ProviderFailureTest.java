package io.heartbeat4j.worker.llm;

import static io.heartbeat4j.testkit.HeartbeatAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.testkit.TestIssue;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A provider that refuses or breaks: what becomes of the issue, and how often the provider is asked. */
class ProviderFailureTest {

  @ParameterizedTest
  @EnumSource
  void a_used_up_quota_closes_the_gate_for_all_until_the_time_it_names(WireFormat wireFormat) throws Exception {
    try (LlmFixture llmFixture = LlmFixture.open(wireFormat,
        ScriptedTurn.refusing(429, "rate_limit_error", "slow down").retryAfter(900))) {
      Instant before = Instant.now();
      TestIssue worked = llmFixture.work("Think", "hard");

      assertThat(worked).isInReview();
      assertThat(worked.issue().monitorNextCheckAt())
          .isBetween(before.plusSeconds(899), Instant.now().plus(Duration.ofSeconds(921)));
      assertThat(worked.lastComment()).contains("429").contains("slow down");
      assertThat(llmFixture.requests()).hasSize(1);

      TestIssue other = llmFixture.work("Think of something else", "hard");
      assertThat(other).isInReview();
      assertThat(llmFixture.requests()).as("nobody asks while the gate is closed").hasSize(1);
      assertThat(llmFixture.company().spentCents()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void an_overloaded_provider_is_waited_for(WireFormat wireFormat) throws Exception {
    try (LlmFixture llmFixture = LlmFixture.open(wireFormat,
        ScriptedTurn.refusing(529, "overloaded_error", "Overloaded"))) {
      TestIssue worked = llmFixture.work("Think", "hard");
      assertThat(worked).isInReview();
      assertThat(worked.lastComment()).contains("Overloaded");
      assertThat(llmFixture.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_refused_key_stops_the_work_at_once(WireFormat wireFormat) throws Exception {
    try (LlmFixture llmFixture = LlmFixture.open(wireFormat,
        ScriptedTurn.refusing(401, "authentication_error", "invalid key"))) {
      TestIssue worked = llmFixture.work("Think", "hard");
      assertThat(worked).isBlocked();
      assertThat(worked.lastComment()).contains("invalid key").contains("Check model.api-key")
          .doesNotContain(LlmFixture.KEY);
      assertThat(worked.cards()).hasSize(1);
      assertThat(llmFixture.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_broken_answer_is_asked_for_again(WireFormat wireFormat) throws Exception {
    try (LlmFixture llmFixture = LlmFixture.open(wireFormat,
        ScriptedTurn.calling("write", Map.of("path", "a", "content", "b")),
        ScriptedTurn.calling("write", Map.of("path", "half", "content", "an answer that is cut")).brokenOff().once(),
        ScriptedTurn.finishing("done", "Written."))) {
      TestIssue worked = llmFixture.work("Write", "it");
      assertThat(worked).isDone();
      assertThat(llmFixture.hasFile("half")).isFalse();
      assertThat(llmFixture.requests()).hasSize(3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_provider_that_keeps_failing_blocks_the_issue_and_what_was_done_is_told(WireFormat wireFormat)
      throws Exception {
    try (LlmFixture llmFixture = LlmFixture.open(wireFormat,
        ScriptedTurn.calling("write", Map.of("path", "a", "content", "b")).using(100, 10),
        ScriptedTurn.refusing(500, "api_error", "oh dear"))) {
      TestIssue worked = llmFixture.work("Write", "it");
      assertThat(worked).isBlocked();
      assertThat(worked.lastComment()).contains("oh dear").contains("write `a`").contains("1 step(s)");
      assertThat(llmFixture.requests()).hasSize(1 + 3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_thread_that_is_too_long_is_shortened_and_the_work_goes_on(WireFormat wireFormat) throws Exception {
    String message = wireFormat == WireFormat.OPENAI ? "context_length_exceeded"
        : "prompt is too long: 210000 tokens > 200000 maximum";
    try (LlmFixture llmFixture = LlmFixture.open(wireFormat,
        ScriptedTurn.calling("read", Map.of("path", "long")),
        ScriptedTurn.calling("list", Map.of()),
        ScriptedTurn.calling("list", Map.of("depth", 2)),
        ScriptedTurn.calling("list", Map.of("depth", 3)),
        ScriptedTurn.calling("list", Map.of("depth", 4)),
        ScriptedTurn.refusing(400, "invalid_request_error", message).once(),
        ScriptedTurn.finishing("done", "Read it."))) {
      llmFixture.writeFile("long", "a line of a long file\n".repeat(1500));
      TestIssue worked = llmFixture.work("Read", "the long file");

      assertThat(worked).isDone();
      var requests = llmFixture.requests();
      assertThat(requests).hasSize(7);
      assertThat(requests.get(5).path("messages").toString()).contains("a line of a long file");
      assertThat(requests.get(6).path("messages").toString()).doesNotContain("a line of a long file")
          .contains("the long file").contains("left out");
    }
  }
}
