package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** A rule refuses the request; has the error response in the format of the server. */
final class ApiException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient ServerResponse serverResponse;

  private ApiException(int status, ObjectNode body) {
    super(body.path("error").asText(), null, false, false);
    this.serverResponse = ServerResponse.of(status, body);
  }

  ServerResponse response() {
    return serverResponse;
  }

  static ApiException badRequest(String message) {
    return new ApiException(400, error(message, null));
  }

  static ApiException validationFailed(JsonNode details) {
    return new ApiException(400, error("Validation error", details));
  }

  static ApiException unauthorized(String message) {
    return new ApiException(401, error(message, null));
  }

  static ApiException forbidden(String message) {
    return new ApiException(403, error(message, null));
  }

  static ApiException forbidden(String message, ObjectNode details) {
    return new ApiException(403, errorWithCode(message, details));
  }

  static ApiException notFound(String message) {
    return new ApiException(404, error(message, null));
  }

  static ApiException conflict(String message) {
    return new ApiException(409, error(message, null));
  }

  static ApiException conflict(String message, ObjectNode details) {
    return new ApiException(409, errorWithCode(message, details));
  }

  static ApiException unprocessable(String message) {
    return new ApiException(422, error(message, null));
  }

  static ApiException unprocessable(String message, ObjectNode details) {
    return new ApiException(422, errorWithCode(message, details));
  }

  static ApiException internalError() {
    return new ApiException(500, error("Internal server error", null));
  }

  /** A denied issue write. The code is only in the details, unlike in other errors of the server. */
  static ApiException issueWriteDenied(int status, String message, ObjectNode details) {
    return new ApiException(status, error(message, details));
  }

  private static ObjectNode errorWithCode(String message, ObjectNode details) {
    ObjectNode body = JsonNodes.object().put("error", message);
    String code = JsonNodes.text(details, "code");
    if (code != null) {
      body.put("code", code);
    }
    body.set("details", details);
    return body;
  }

  private static ObjectNode error(String message, @Nullable JsonNode details) {
    ObjectNode body = JsonNodes.object().put("error", message);
    if (details != null) {
      body.set("details", details);
    }
    return body;
  }
}
