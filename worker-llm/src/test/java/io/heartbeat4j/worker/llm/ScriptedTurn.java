package io.heartbeat4j.worker.llm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the scripted model does with one request: the n-th in a thread, counted by the model's own messages in it. */
final class ScriptedTurn {

  private final Map<String, Object> response = new LinkedHashMap<>();
  private final Map<String, Object> more = new LinkedHashMap<>();
  private final Map<String, Object> match = new LinkedHashMap<>();
  private final List<Map<String, Object>> calls = new ArrayList<>();
  private int input;
  private int output;

  static ScriptedTurn answering(String text) {
    ScriptedTurn scriptedTurn = new ScriptedTurn();
    scriptedTurn.response.put("content", text);
    return scriptedTurn;
  }

  static ScriptedTurn calling(String tool, Map<String, ?> arguments) {
    return new ScriptedTurn().and(tool, arguments);
  }

  static ScriptedTurn finishing(String outcome, String summary) {
    return calling("finish", Map.of("outcome", outcome, "summary", summary));
  }

  /** An answer that is not 2xx. */
  static ScriptedTurn refusing(int status, String type, String message) {
    ScriptedTurn scriptedTurn = new ScriptedTurn();
    scriptedTurn.response.put("error", Map.of("message", message, "type", type, "code", type));
    scriptedTurn.response.put("status", status);
    return scriptedTurn;
  }

  ScriptedTurn and(String tool, Map<String, ?> arguments) {
    calls.add(Map.of("name", tool, "arguments", arguments));
    return this;
  }

  /** Arguments that are no JSON. */
  static ScriptedTurn callingWith(String tool, String arguments) {
    ScriptedTurn scriptedTurn = new ScriptedTurn();
    scriptedTurn.calls.add(Map.of("name", tool, "arguments", arguments));
    return scriptedTurn;
  }

  ScriptedTurn using(int inputTokens, int outputTokens) {
    input = inputTokens;
    output = outputTokens;
    return this;
  }

  ScriptedTurn retryAfter(int seconds) {
    response.put("retryAfter", seconds);
    return this;
  }

  /** The connection is closed in the middle of the answer. */
  ScriptedTurn brokenOff() {
    response.put("content", "Words before the call"); // Gemini sends a call in one piece
    more.put("truncateAfterChunks", 3);
    return this;
  }

  /** Only the first time; the next turn of the script with the same number answers after that. */
  ScriptedTurn once() {
    match.put("sequenceIndex", 0);
    return this;
  }

  /** Only for this model; other models have a turn of their own with the same number. */
  ScriptedTurn by(WireFormat model) {
    match.put("model", model.model());
    return this;
  }

  Map<String, Object> fixture(int index, WireFormat wireFormat) {
    if (!calls.isEmpty()) {
      response.put("toolCalls", calls);
      if (wireFormat == WireFormat.GEMINI) {
        response.put("finishReason", "stop"); // as Gemini says it; the mock's own word for it is none of Gemini's
      }
    }
    if (!response.containsKey("error")) {
      response.put("usage", wireFormat.usage(input, output));
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

  /** Whether another turn of the script has the same number. */
  boolean isOneOfSeveral() {
    return match.containsKey("sequenceIndex") || match.containsKey("model");
  }
}
