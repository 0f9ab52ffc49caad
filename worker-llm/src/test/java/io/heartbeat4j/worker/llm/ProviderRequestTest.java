package io.heartbeat4j.worker.llm;

import static io.heartbeat4j.worker.llm.ProviderStreamFixture.json;
import static io.heartbeat4j.worker.llm.ProviderStreamFixture.toolCall;
import static io.heartbeat4j.testkit.HeartbeatAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.heartbeat4j.testkit.TestIssue;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the settings of the model make of a request, on the wire. */
class ProviderRequestTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @EnumSource
  void key_headers_and_limits_are_sent_in_the_providers_own_way(WireFormat wireFormat) throws Exception {
    RawResponseServer.Request request = only(wireFormat, Map.of(
        "temperature", 0.5, "max-tokens", 1000, "headers", Map.of("X-Team", "the blue one")));

    assertThat(request.protocol()).isEqualTo("HTTP/1.1");
    assertThat(request.headers()).as("many plain-http servers drop an offer of HTTP/2").doesNotContainKeys("Upgrade",
        "Http2-settings");
    assertThat(request.headers().getFirst("X-Team")).isEqualTo("the blue one");
    JsonNode body = JSON.readTree(request.body());
    switch (wireFormat) {
      case OPENAI -> {
        assertThat(request.target()).isEqualTo("/v1/chat/completions");
        assertThat(request.headers().getFirst("Authorization")).isEqualTo("Bearer " + LlmFixture.KEY);
        assertThat(body.path("temperature").asDouble()).isEqualTo(0.5);
        assertThat(body.path("max_tokens").asInt()).as("what compatible servers know").isEqualTo(1000);
        assertThat(body.path("stream").asBoolean()).isTrue();
        assertThat(body.path("stream_options").path("include_usage").asBoolean()).isTrue();
      }
      case RESPONSES -> {
        assertThat(request.target()).isEqualTo("/v1/responses");
        assertThat(request.headers().getFirst("Authorization")).isEqualTo("Bearer " + LlmFixture.KEY);
        assertThat(body.path("temperature").asDouble()).isEqualTo(0.5);
        assertThat(body.path("max_output_tokens").asInt()).isEqualTo(1000);
        assertThat(body.path("stream").asBoolean()).isTrue();
        assertThat(body.path("store").asBoolean(true)).as("kept nowhere").isFalse();
      }
      case ANTHROPIC -> {
        assertThat(request.target()).isEqualTo("/v1/messages");
        assertThat(request.headers().getFirst("X-api-key")).isEqualTo(LlmFixture.KEY);
        assertThat(body.path("temperature").asDouble()).isEqualTo(0.5);
        assertThat(body.path("max_tokens").asInt()).isEqualTo(1000);
        assertThat(body.path("stream").asBoolean()).isTrue();
      }
      case GEMINI -> {
        assertThat(request.target()).isEqualTo("/v1/models/gemini-2.5-flash:streamGenerateContent?alt=sse");
        assertThat(request.headers().getFirst("X-goog-api-key")).isEqualTo(LlmFixture.KEY);
        assertThat(body.path("generationConfig").path("temperature").asDouble()).isEqualTo(0.5);
        assertThat(body.path("generationConfig").path("maxOutputTokens").asInt()).isEqualTo(1000);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void the_effort_of_reasoning_is_sent_in_the_providers_own_way(WireFormat wireFormat) throws Exception {
    JsonNode body = JSON.readTree(only(wireFormat, Map.of("reasoning-effort", "low", "max-tokens", 1000)).body());
    switch (wireFormat) {
      case OPENAI -> assertThat(body.path("reasoning_effort").asText()).isEqualTo("low");
      case RESPONSES -> assertThat(body.path("reasoning").path("effort").asText()).isEqualTo("low");
      case ANTHROPIC -> {
        assertThat(body.path("thinking").path("type").asText()).isEqualTo("enabled");
        assertThat(body.path("thinking").path("budget_tokens").asInt()).isEqualTo(2048);
        assertThat(body.path("max_tokens").asInt()).as("thoughts count too").isEqualTo(3048);
      }
      case GEMINI -> assertThat(body.path("generationConfig").path("thinkingConfig").path("thinkingLevel").asText())
          .isEqualTo("low");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"claude-opus-5-5", "claude-sonnet-5", "claude-haiku-5-5", "claude-opus-4-8",
      "claude-fable-5-1"})
  void newer_claudes_are_told_how_hard_to_think_and_no_number(String model) throws Exception {
    JsonNode body = JSON.readTree(
        only(WireFormat.ANTHROPIC, Map.of("name", model, "reasoning-effort", "xhigh", "max-tokens", 1000)).body());
    assertThat(body.path("thinking")).hasToString("{\"type\":\"adaptive\"}");
    assertThat(body.path("output_config").path("effort").asText()).isEqualTo("xhigh");
    assertThat(body.path("max_tokens").asInt()).isEqualTo(1000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"claude-sonnet-4-5-20250929", "claude-opus-4-1", "claude-sonnet-4-20250514",
      "claude-3-7-sonnet-latest"})
  void older_claudes_are_told_a_number(String model) throws Exception {
    JsonNode body = JSON
        .readTree(only(WireFormat.ANTHROPIC, Map.of("name", model, "reasoning-effort", "medium")).body());
    assertThat(body.path("thinking")).hasToString("{\"type\":\"enabled\",\"budget_tokens\":8192}");
    assertThat(body.has("output_config")).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void further_fields_are_sent_as_they_are_written(WireFormat wireFormat) throws Exception {
    JsonNode body = JSON
        .readTree(only(wireFormat, Map.of("parameters", Map.of("top_k", 7, "user", Map.of("id", "u1")))).body());
    assertThat(body.path("top_k").asInt()).isEqualTo(7);
    assertThat(body.path("user").path("id").asText()).isEqualTo("u1");
  }

  @Test
  void further_fields_go_into_the_objects_that_are_there() throws Exception {
    JsonNode config = JSON.readTree(only(WireFormat.GEMINI, Map.of("max-tokens", 1000, "parameters",
        Map.of("generationConfig", Map.of("topK", 7, "maxOutputTokens", 2000)))).body()).path("generationConfig");
    assertThat(config.path("topK").asInt()).isEqualTo(7);
    assertThat(config.path("maxOutputTokens").asInt()).as("the operator's own wins").isEqualTo(2000);
  }

  @ParameterizedTest
  @EnumSource
  void a_proxy_is_asked_for_the_providers_address(WireFormat wireFormat) throws Exception {
    try (RawResponseServer proxy = RawResponseServer.start(finishing(wireFormat));
        LlmFixture llmFixture = LlmFixture.at("http://provider.invalid/v1", wireFormat, Map.of("model",
            Map.of("proxy", proxy.url().replace("/v1", ""))))) {
      TestIssue worked = llmFixture.work("Look", "at it");
      assertThat(worked).isInReview();
      assertThat(proxy.received()).singleElement()
          .satisfies(request -> assertThat(request.target()).startsWith("http://provider.invalid/v1/"));
    }
  }

  @Test
  void anthropic_is_asked_to_keep_tools_system_prompt_and_thread_in_its_cache() throws Exception {
    JsonNode body = JSON.readTree(only(WireFormat.ANTHROPIC, Map.of()).body());
    assertThat(body.path("system").get(0).path("cache_control").path("type").asText()).isEqualTo("ephemeral");
    assertThat(body.path("tools").get(body.path("tools").size() - 1).path("cache_control").path("type").asText())
        .isEqualTo("ephemeral");
    assertThat(body.path("messages").get(0).path("content").get(0).path("cache_control").path("type").asText())
        .isEqualTo("ephemeral");
  }

  /** The request of a heartbeat that takes one call. */
  private static RawResponseServer.Request only(WireFormat wireFormat, Map<String, Object> model) throws Exception {
    try (RawResponseServer provider = RawResponseServer.start(finishing(wireFormat));
        LlmFixture llmFixture = LlmFixture.at(provider.url(), wireFormat, Map.of("model", new HashMap<>(model)))) {
      TestIssue worked = llmFixture.work("Look", "at it");
      assertThat(worked).isInReview();
      assertThat(provider.received()).hasSize(1);
      return provider.received().get(0);
    }
  }

  private static RawResponseServer.Response finishing(WireFormat wireFormat) throws Exception {
    return RawResponseServer
        .bytewise(toolCall(wireFormat, "finish", json(Map.of("outcome", "needs_review", "summary", "Look."))));
  }
}
