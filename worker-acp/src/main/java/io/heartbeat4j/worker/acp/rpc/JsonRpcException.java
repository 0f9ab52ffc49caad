package io.heartbeat4j.worker.acp.rpc;

import com.fasterxml.jackson.databind.JsonNode;

/** An error of JSON-RPC: the other side's answer to a request, or ours to one of its own. */
public final class JsonRpcException extends Exception {

  public static final int METHOD_NOT_FOUND = -32601;
  public static final int INVALID_PARAMS = -32602;
  public static final int INTERNAL_ERROR = -32603;

  private static final long serialVersionUID = 1L;

  private final int code;
  private final String data;

  public JsonRpcException(int code, String message) {
    this(code, message, "");
  }

  /** @param data further words of the other side; may be empty */
  public JsonRpcException(int code, String message, String data) {
    super(message);
    this.code = code;
    this.data = data;
  }

  static JsonRpcException of(JsonNode error) {
    JsonNode data = error.path("data");
    return new JsonRpcException(error.path("code").asInt(INTERNAL_ERROR), error.path("message").asText("no message"),
        data.isMissingNode() || data.isNull() ? "" : data.isTextual() ? data.asText() : data.toString());
  }

  public int code() {
    return code;
  }

  /** Message and data together. */
  public String words() {
    return data.isEmpty() ? String.valueOf(getMessage()) : getMessage() + " (" + data + ")";
  }
}
