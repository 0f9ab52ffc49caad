package io.heartbeat4j.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.CompanyId;
import io.heartbeat4j.protocol.RunId;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/** What an agent shows to the server: a run's token or an agent key (contract section 2). Never printed. */
public final class AgentToken {

  private final String value;

  private AgentToken(String value) {
    this.value = value;
  }

  /**
   * Checks a token.
   *
   * @throws IllegalArgumentException if {@code value} is blank or cannot stand in a header; its text is not shown
   */
  public static AgentToken of(String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException(
          "no token: set PAPERCLIP_API_KEY; without one a local server takes the caller for the board");
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c <= ' ' || c > '~') {
        throw new IllegalArgumentException(
            "the token has white space or a character that no token has, at position " + (i + 1) + " of "
                + value.length()
                + ": give the bare token, without 'Bearer' and line ends");
      }
    }
    return new AgentToken(value);
  }

  /** The claims of a run's token; empty for an agent key and for anything that is not Paperclip's. */
  public Optional<TokenClaims> claims() {
    String[] parts = value.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      String json = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
      JsonNode claims = ProtocolJson.mapper().readTree(json);
      if (!"paperclip".equals(claims.path("iss").asText()) || !claims.path("exp").isNumber()) {
        return Optional.empty();
      }
      return Optional.of(new TokenClaims(
          AgentId.of(claims.path("sub").asText()),
          CompanyId.of(claims.path("company_id").asText()),
          RunId.of(claims.path("run_id").asText()),
          Instant.ofEpochSecond(claims.path("exp").asLong())));
    } catch (IllegalArgumentException | JsonProcessingException | DateTimeException notPaperclips) {
      return Optional.empty();
    }
  }

  /** The token itself, for whoever must hand it on; keep it out of messages and logs. */
  public String reveal() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AgentToken token && token.value.equals(value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return "***";
  }
}
