package io.heartbeat4j.embedded;

import com.fasterxml.jackson.databind.JsonNode;

/** The server refused a request of the board; the message has the request, the status and the response body. */
public final class BoardRequestException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  BoardRequestException(String request, int status, JsonNode body) {
    super(request + ": " + status + " " + body);
  }
}
