package io.heartbeat4j.embedded;

import io.heartbeat4j.embedded.FaultAction.Delay;
import io.heartbeat4j.embedded.FaultAction.DropRequest;
import io.heartbeat4j.embedded.FaultAction.DropResponse;
import io.heartbeat4j.embedded.FaultAction.Oversize;
import io.heartbeat4j.embedded.FaultAction.Respond;
import io.heartbeat4j.embedded.FaultAction.Truncate;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Builds a fault rule: first selects the requests, then the fault. */
public final class FaultRuleBuilder {

  private final String method;
  private final Pattern path;
  private final Optional<String> agentId;
  private final int times;

  private FaultRuleBuilder(String method, Pattern path, Optional<String> agentId, int times) {
    this.method = method;
    this.path = path;
    this.agentId = agentId;
    this.times = times;
  }

  /** Selects requests with this method, {@code *} for any, and a path that matches as a whole. */
  public static FaultRuleBuilder on(String method, String pathRegex) {
    return new FaultRuleBuilder(method, Pattern.compile(pathRegex), Optional.empty(), Integer.MAX_VALUE);
  }

  /** Limits the rule to requests of this agent. */
  public FaultRuleBuilder byAgent(String agent) {
    return new FaultRuleBuilder(method, path, Optional.of(agent), times);
  }

  /** Limits the rule to the first matching request. */
  public FaultRuleBuilder once() {
    return times(1);
  }

  /** Limits the rule to the first {@code count} matching requests. */
  public FaultRuleBuilder times(int count) {
    return new FaultRuleBuilder(method, path, agentId, count);
  }

  /** Closes the connection without handling the request. */
  public FaultRule dropRequest() {
    return build(new DropRequest());
  }

  /** Handles the request and closes the connection without a response. */
  public FaultRule dropResponse() {
    return build(new DropResponse());
  }

  /** Delays the handling of the request. */
  public FaultRule delayRequest(Duration delay) {
    return build(new Delay(delay));
  }

  /** Sends this response without handling the request. */
  public FaultRule respondWith(int status, Map<String, String> headers, String body) {
    return build(new Respond(false, status, headers, body));
  }

  /** Handles the request and sends this response instead of the real one. */
  public FaultRule respondAfterProcessing(int status, Map<String, String> headers, String body) {
    return build(new Respond(true, status, headers, body));
  }

  /** Sends {@code 429} with {@code Retry-After} without handling the request. */
  public FaultRule tooManyRequests(int retryAfterSeconds) {
    String body = "{\"error\":\"Too many concurrent issue-list requests for this actor/client\",\"retryAfterSeconds\":"
        + retryAfterSeconds + "}";
    Map<String, String> headers = Map.of("content-type", HttpResponseWriter.JSON, "retry-after",
        Integer.toString(retryAfterSeconds));
    return respondWith(429, headers, body);
  }

  /** Sends {@code 429} without {@code Retry-After} and without handling the request. */
  public FaultRule tooManyRequests() {
    return respondWith(429, HttpResponseWriter.JSON_HEADERS, "{\"error\":\"Too many requests\"}");
  }

  /** Sends the {@code 409} of a checkout conflict without handling the request. */
  public FaultRule conflict() {
    return respondWith(409, HttpResponseWriter.JSON_HEADERS, "{\"error\":\"Issue checkout conflict\",\"details\":{}}");
  }

  /** Sends {@code 422} without handling the request. */
  public FaultRule unprocessable() {
    return respondWith(422, HttpResponseWriter.JSON_HEADERS, "{\"error\":\"Unprocessable\",\"details\":{}}");
  }

  /** Sends {@code 500} without handling the request. */
  public FaultRule internalError() {
    return respondWith(500, HttpResponseWriter.JSON_HEADERS, "{\"error\":\"Internal server error\"}");
  }

  /** Handles the request and sends {@code 500}. */
  public FaultRule internalErrorAfterProcessing() {
    return respondAfterProcessing(500, HttpResponseWriter.JSON_HEADERS, "{\"error\":\"Internal server error\"}");
  }

  /** Sends {@code 503} without handling the request. */
  public FaultRule unavailable() {
    return respondWith(503, HttpResponseWriter.JSON_HEADERS, "{\"error\":\"Service unavailable\"}");
  }

  /** Sends {@code 200} with an HTML page, like the sign-in page of a proxy. */
  public FaultRule htmlPage() {
    return respondWith(200, Map.of("content-type", "text/html"), "<!doctype html><html><body>Sign in</body></html>");
  }

  /** Handles the request, sends the first bytes of the response body and closes the connection. */
  public FaultRule truncateResponse(int bytes) {
    return build(new Truncate(bytes));
  }

  /** Handles the request and sends a JSON text of this size instead of the response body. */
  public FaultRule oversizedResponse(int bytes) {
    return build(new Oversize(bytes));
  }

  private FaultRule build(FaultAction action) {
    return new FaultRule(method, path, agentId, times, action);
  }
}
