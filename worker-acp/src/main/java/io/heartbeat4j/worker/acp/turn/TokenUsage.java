package io.heartbeat4j.worker.acp.turn;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Tokens of a turn or of a call.
 *
 * @param input with {@code cached}
 * @param output with what the model thought
 */
record TokenUsage(long input, long cached, long output) {

  static final TokenUsage NONE = new TokenUsage(0, 0, 0);

  private static final long MOST = 1_000_000_000_000L;

  /** Programs differ in whether cached input is part of the input, and thinking of the output: their total tells. */
  static TokenUsage of(JsonNode usage) {
    long input = count(usage, "inputTokens");
    long output = count(usage, "outputTokens");
    long read = count(usage, "cachedReadTokens");
    long cached = read + count(usage, "cachedWriteTokens");
    long total = count(usage, "totalTokens");
    if (total >= input + output + cached) {
      input += cached;
    }
    long thought = Math.min(count(usage, "thoughtTokens"), Math.max(0, total - input - output));
    return new TokenUsage(input, Math.min(read, input), output + thought);
  }

  private static long count(JsonNode usage, String name) {
    return Math.clamp(usage.path(name).asLong(0), 0, MOST);
  }

  TokenUsage plus(TokenUsage more) {
    return new TokenUsage(input + more.input, cached + more.cached, output + more.output);
  }

  /** What is left without {@code told}, never below nothing. */
  TokenUsage minus(TokenUsage told) {
    return new TokenUsage(Math.max(0, input - told.input), Math.max(0, cached - told.cached),
        Math.max(0, output - told.output));
  }
}
