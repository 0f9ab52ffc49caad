package io.heartbeat4j.worker.llm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the scripted model does with one request: the n-th in a thread, counted by the model's own messages in it. */
final class Turn {

  private final Map<String, Object> response = new LinkedHashMap<>();
  private final Map<String, Object> more = new LinkedHashMap<>();
  private final Map<String, Object> match = new LinkedHashMap<>();
  private final List<Map<String, Object>> calls = new ArrayList<>();
  private int input;
  private int output;

  static Turn saying(String text) {
    Turn turn = new Turn();
    turn.response.put("content", text);
    return turn;
  }

  static Turn calling(String tool, Map<String, ?> arguments) {
    return new Turn().and(tool, arguments);
  }

  static Turn finishing(String outcome, String summary) {
    return calling("finish", Map.of("outcome", outcome, "summary", summary));
  }

  /** An answer that is not 2xx. */
  static Turn refusing(int status, String type, String message) {
    Turn turn = new Turn();
    turn.response.put("error", Map.of("message", message, "type", type, "code", type));
    turn.response.put("status", status);
    return turn;
  }

  Turn and(String tool, Map<String, ?> arguments) {
    calls.add(Map.of("name", tool, "arguments", arguments));
    return this;
  }

  /** Arguments that are no JSON. */
  static Turn callingWith(String tool, String arguments) {
    Turn turn = new Turn();
    turn.calls.add(Map.of("name", tool, "arguments", arguments));
    return turn;
  }

  Turn using(int inputTokens, int outputTokens) {
    input = inputTokens;
    output = outputTokens;
    return this;
  }

  Turn retryAfter(int seconds) {
    response.put("retryAfter", seconds);
    return this;
  }

  /** The connection is closed in the middle of the answer. */
  Turn brokenOff() {
    response.put("content", "Words before the call"); // Gemini sends a call in one piece
    more.put("truncateAfterChunks", 3);
    return this;
  }

  /** Only the first time; the next turn of the script with the same number answers after that. */
  Turn once() {
    match.put("sequenceIndex", 0);
    return this;
  }

  Map<String, Object> fixture(int index, Wire wire) {
    if (!calls.isEmpty()) {
      response.put("toolCalls", calls);
      if (wire == Wire.GEMINI) {
        response.put("finishReason", "stop"); // as Gemini says it; the mock's own word for it is none of Gemini's
      }
    }
    if (!response.containsKey("error")) {
      response.put("usage", wire.usage(input, output));
    }
    Map<String, Object> matched = new LinkedHashMap<>(match);
    matched.put("turnIndex", index);
    Map<String, Object> fixture = new LinkedHashMap<>(more);
    fixture.put("match", matched);
    fixture.put("response", response);
    return fixture;
  }

  /** How many messages of the model's this is in OpenAI's responses, where every call is one. */
  int items() {
    return calls.size() + (response.containsKey("content") ? 1 : 0);
  }

  boolean isOnce() {
    return match.containsKey("sequenceIndex");
  }
}
