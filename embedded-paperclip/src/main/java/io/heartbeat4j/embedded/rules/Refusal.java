package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** A request that a rule refuses; carries the answer in the server's shape of errors. */
final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Response response;

  private Refusal(int status, ObjectNode body) {
    super(body.path("error").asText(), null, false, false);
    this.response = Response.of(status, body);
  }

  Response response() {
    return response;
  }

  static Refusal badRequest(String message) {
    return new Refusal(400, error(message, null));
  }

  static Refusal invalid(JsonNode details) {
    return new Refusal(400, error("Validation error", details));
  }

  static Refusal unauthorized(String message) {
    return new Refusal(401, error(message, null));
  }

  static Refusal forbidden(String message) {
    return new Refusal(403, error(message, null));
  }

  static Refusal forbidden(String message, ObjectNode details) {
    return new Refusal(403, coded(message, details));
  }

  static Refusal notFound(String message) {
    return new Refusal(404, error(message, null));
  }

  static Refusal conflict(String message) {
    return new Refusal(409, error(message, null));
  }

  static Refusal conflict(String message, ObjectNode details) {
    return new Refusal(409, coded(message, details));
  }

  static Refusal unprocessable(String message) {
    return new Refusal(422, error(message, null));
  }

  static Refusal unprocessable(String message, ObjectNode details) {
    return new Refusal(422, coded(message, details));
  }

  static Refusal internal() {
    return new Refusal(500, error("Internal server error", null));
  }

  /** A denied issue write: its code stays inside the details, as the server leaves it. */
  static Refusal issueWrite(int status, String message, ObjectNode details) {
    return new Refusal(status, error(message, details));
  }

  private static ObjectNode coded(String message, ObjectNode details) {
    ObjectNode body = Json.object().put("error", message);
    String code = Json.text(details, "code");
    if (code != null) {
      body.put("code", code);
    }
    body.set("details", details);
    return body;
  }

  private static ObjectNode error(String message, @Nullable JsonNode details) {
    ObjectNode body = Json.object().put("error", message);
    if (details != null) {
      body.set("details", details);
    }
    return body;
  }
}
