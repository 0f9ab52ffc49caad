package io.heartbeat4j.worker.acp.turn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A call of a result tool that stands as JSON in a fenced block at the end of a message: for programs that take no MCP
 * server over HTTP.
 */
public record FencedCall(String tool, JsonNode arguments) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern LAST_BLOCK = Pattern.compile("(?s)\\A.*```(?:json)?\\s*(\\{.*})\\s*```\\s*\\z");

  /** The call at the end of a message; empty where there is none. */
  public static Optional<FencedCall> of(String message) {
    Matcher block = LAST_BLOCK.matcher(message);
    if (!block.matches()) {
      return Optional.empty();
    }
    try {
      JsonNode call = JSON.readTree(block.group(1));
      return call.path("tool").isTextual()
          ? Optional.of(new FencedCall(call.path("tool").asText(), call.path("arguments")))
          : Optional.empty();
    } catch (IOException malformed) {
      return Optional.empty();
    }
  }
}
