package io.heartbeat4j.embedded;

import com.fasterxml.jackson.databind.JsonNode;

/** The server refused an act of the board. */
public final class BoardRequestException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final transient JsonNode body;

  BoardRequestException(String act, int status, JsonNode body) {
    super(act + ": " + status + " " + body);
    this.status = status;
    this.body = body;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The answer's body. */
  public JsonNode body() {
    return body;
  }
}
