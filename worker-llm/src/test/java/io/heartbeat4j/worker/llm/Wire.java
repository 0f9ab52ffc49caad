package io.heartbeat4j.worker.llm;

import java.util.Map;

/** The wire formats that the mock speaks. */
enum Wire {
  OPENAI("openai", "gpt-4o-mini"),
  ANTHROPIC("anthropic", "claude-haiku-4-5");

  private final String provider;
  private final String model;

  Wire(String provider, String model) {
    this.provider = provider;
    this.model = model;
  }

  String provider() {
    return provider;
  }

  String model() {
    return model;
  }

  /** Usage as this provider tells it. */
  Map<String, Object> usage(int input, int output) {
    return this == OPENAI
        ? Map.of("prompt_tokens", input, "completion_tokens", output, "total_tokens", input + output)
        : Map.of("input_tokens", input, "output_tokens", output);
  }
}
