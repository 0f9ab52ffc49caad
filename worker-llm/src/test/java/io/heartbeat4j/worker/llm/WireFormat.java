package io.heartbeat4j.worker.llm;

import java.util.Map;

/** The wire formats that the mock speaks. */
enum WireFormat {
  OPENAI("openai", "gpt-4o-mini", "/v1"), RESPONSES("openai-responses", "gpt-5.4-mini", "/v1"), ANTHROPIC("anthropic",
      "claude-haiku-4-5", "/v1"), GEMINI("gemini", "gemini-2.5-flash", "/v1beta");

  private final String provider;
  private final String model;
  private final String path;

  WireFormat(String provider, String model, String path) {
    this.provider = provider;
    this.model = model;
    this.path = path;
  }

  String provider() {
    return provider;
  }

  String model() {
    return model;
  }

  /** What stands behind the host in the base URL. */
  String path() {
    return path;
  }

  /** Usage as this provider tells it. */
  Map<String, Object> usage(int input, int output) {
    return switch (this) {
      case OPENAI -> Map.of("prompt_tokens", input, "completion_tokens", output, "total_tokens", input + output);
      case RESPONSES, ANTHROPIC -> Map.of("input_tokens", input, "output_tokens", output);
      case GEMINI -> Map.of(
          "promptTokenCount", input, "candidatesTokenCount", output, "totalTokenCount", input + output);
    };
  }
}
