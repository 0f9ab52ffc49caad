package io.heartbeat4j.worker.llm;

import static io.heartbeat4j.worker.llm.ProviderStreamFixture.streamError;
import static io.heartbeat4j.worker.llm.ProviderStreamFixture.json;
import static io.heartbeat4j.worker.llm.ProviderStreamFixture.toolCall;
import static io.heartbeat4j.testkit.HeartbeatAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.testkit.TestIssue;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Streams as only a bad day brings them: what the mock can't send. */
class ProviderStreamTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @EnumSource
  void a_stream_may_be_split_at_every_byte(WireFormat wireFormat) throws Exception {
    String text = "Grüße, 世界 \uD83D\uDE80\n\"quoted\" \\ done";
    String written = json(Map.of("path", "ä/ö.txt", "content", text));
    String finished = json(Map.of("outcome", "done", "summary", "Geschrieben \uD83D\uDE80"));
    try (RawResponseServer provider = RawResponseServer.start(
        RawResponseServer.bytewise(toolCall(wireFormat, "write", written)),
        RawResponseServer.bytewise(toolCall(wireFormat, "finish", finished)));
        LlmFixture llmFixture = LlmFixture.at(provider.url(), wireFormat, Map.of())) {
      TestIssue worked = llmFixture.work("Write", "it");
      assertThat(worked).isDone();
      assertThat(worked.lastComment()).startsWith("Geschrieben \uD83D\uDE80");
      assertThat(llmFixture.readFile("ä/ö.txt")).isEqualTo(text);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "GEMINI")
  void arguments_that_are_cut_are_answered_with_what_is_wrong(WireFormat wireFormat) throws Exception {
    try (RawResponseServer provider = RawResponseServer.start(
        RawResponseServer.bytewise(toolCall(wireFormat, "write", "{\"path\": \"a\", \"content\": \"half a")),
        RawResponseServer
            .bytewise(toolCall(wireFormat, "finish", json(Map.of("outcome", "blocked", "summary", "I can't.")))));
        LlmFixture llmFixture = LlmFixture.at(provider.url(), wireFormat, Map.of())) {
      TestIssue worked = llmFixture.work("Write", "it");
      assertThat(worked).isBlocked();
      assertThat(worked.lastComment()).isEqualTo("I can't.");
      assertThat(llmFixture.hasFile("a")).isFalse();
      assertThat(provider.requests().get(1)).contains("the arguments of write are not JSON");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_stream_that_stops_in_the_middle_is_given_up_and_asked_for_again(WireFormat wireFormat) throws Exception {
    String whole = toolCall(wireFormat, "finish", json(Map.of("outcome", "needs_review", "summary", "Look at it.")));
    try (RawResponseServer provider = RawResponseServer.start(
        RawResponseServer.stalling(whole.substring(0, whole.length() / 3)), RawResponseServer.bytewise(whole));
        LlmFixture llmFixture = LlmFixture.at(provider.url(), wireFormat, Map.of("model", Map.of("timeout", "1s")))) {
      TestIssue worked = llmFixture.work("Look", "at it");
      assertThat(worked).isInReview();
      assertThat(provider.requests()).hasSize(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void an_overload_within_a_stream_is_waited_for(WireFormat wireFormat) throws Exception {
    String overload = streamError(wireFormat, true, "Too much to do");
    try (RawResponseServer provider = RawResponseServer.start(RawResponseServer.bytewise(overload));
        LlmFixture llmFixture = LlmFixture.at(provider.url(), wireFormat, Map.of())) {
      TestIssue worked = llmFixture.work("Think", "hard");
      assertThat(worked).isInReview();
      assertThat(worked.lastComment()).contains("Too much to do");
      assertThat(provider.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void another_error_within_a_stream_is_asked_for_again_and_then_told(WireFormat wireFormat) throws Exception {
    RawResponseServer.Response broken = RawResponseServer.bytewise(streamError(wireFormat, false, "A disk is full"));
    try (RawResponseServer provider = RawResponseServer.start(broken, broken, broken);
        LlmFixture llmFixture = LlmFixture.at(provider.url(), wireFormat, Map.of())) {
      TestIssue worked = llmFixture.work("Think", "hard");
      assertThat(worked).isBlocked();
      assertThat(worked.lastComment()).contains("A disk is full");
      assertThat(provider.requests()).hasSize(3);
    }
  }

  @Test
  void gemini_without_room_is_waited_for_too() throws Exception {
    try (RawResponseServer provider = RawResponseServer.start(RawResponseServer.refusing(503, "X-Test", "x",
        json(Map.of("error", Map.of("code", 503, "message", "The model is overloaded.", "status", "UNAVAILABLE")))));
        LlmFixture llmFixture = LlmFixture.at(provider.url(), WireFormat.GEMINI, Map.of())) {
      assertThat(llmFixture.work("Think", "hard").status()).isEqualTo(IssueStatus.IN_REVIEW);
      assertThat(provider.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"Retry-After,7200", "Retry-After,7200.0", "retry-after-ms,7200000", "x-ms-retry-after-ms,7200000"})
  void a_provider_may_name_the_time_in_seconds_or_milliseconds(String header, String value) throws Exception {
    String body = json(Map.of("error", Map.of("type", "rate_limit_error", "message", "slow down")));
    try (RawResponseServer provider = RawResponseServer.start(RawResponseServer.refusing(429, header, value, body));
        LlmFixture llmFixture = LlmFixture.at(provider.url(), WireFormat.OPENAI, Map.of())) {
      Instant before = Instant.now();
      TestIssue worked = llmFixture.work("Think", "hard");
      assertThat(worked.issue().monitorNextCheckAt()).as(worked.toString())
          .isBetween(before.plusSeconds(7199), Instant.now().plusSeconds(7221));
    }
  }

  @Test
  void a_provider_may_name_a_date_to_wait_for_and_nonsense_is_bounded() throws Exception {
    Instant named = Instant.now().plus(2, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS);
    String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(named.atOffset(ZoneOffset.UTC));
    String body = json(Map.of("error", Map.of("type", "rate_limit_error", "message", "slow down")));
    try (
        RawResponseServer provider = RawResponseServer
            .start(RawResponseServer.refusing(429, "Retry-After", date, body));
        LlmFixture llmFixture = LlmFixture.at(provider.url(), WireFormat.OPENAI, Map.of())) {
      TestIssue worked = llmFixture.work("Think", "hard");
      assertThat(worked.issue().monitorNextCheckAt()).as(worked.toString()).isBetween(named, named.plusSeconds(21));
    }
    try (
        RawResponseServer provider = RawResponseServer
            .start(RawResponseServer.refusing(429, "Retry-After", "999999999", body));
        LlmFixture llmFixture = LlmFixture.at(provider.url(), WireFormat.OPENAI, Map.of())) {
      TestIssue worked = llmFixture.work("Think", "hard");
      assertThat(worked.issue().monitorNextCheckAt()).as(worked.toString())
          .isBefore(Instant.now().plus(Duration.ofHours(24).plusSeconds(30)));
    }
  }

  @Test
  void all_of_the_thread_but_the_newest_is_read_from_the_cache() throws Exception {
    try (RawResponseServer provider = RawResponseServer.start(
        RawResponseServer.bytewise(toolCall(WireFormat.ANTHROPIC, "list", "{}")),
        RawResponseServer
            .bytewise(toolCall(WireFormat.ANTHROPIC, "finish", json(Map.of("outcome", "done", "summary", "Done.")))));
        LlmFixture llmFixture = LlmFixture.at(provider.url(), WireFormat.ANTHROPIC,
            Map.of("prices", Map.of("claude-haiku-4-5", "10, 1, 100")))) {
      TestIssue worked = llmFixture.work("List", "it");
      assertThat(worked).isDone();
      var second = JSON.readTree(provider.requests().get(1));
      assertThat(second.path("system").get(0).has("cache_control")).isTrue();
      assertThat(second.path("tools").get(second.path("tools").size() - 1).has("cache_control")).isTrue();
      var messages = second.path("messages");
      assertThat(messages.get(messages.size() - 1).toString()).contains("tool_result").contains("cache_control");
      assertThat(messages.get(0).toString()).doesNotContain("cache_control");
      // twice: 100 plain, 2000 read, 1000 written, 10 out = 0.1 + 0.2 + 1.25 + 0.1 cents
      assertThat(worked.progress()).anySatisfy(line -> assertThat(line)
          .contains("6,200 tokens in (4,000 of them cached), 20 out, 0.0330 US dollars"));
    }
  }
}
