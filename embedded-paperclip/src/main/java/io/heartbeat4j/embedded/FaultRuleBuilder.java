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

/** A disturbance of certain requests: first which ones, then what happens to them. */
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

  /** Every request of this method, or of any when it is {@code *}, whose whole path matches. */
  public static FaultRuleBuilder on(String method, String pathRegex) {
    return new FaultRuleBuilder(method, Pattern.compile(pathRegex), Optional.empty(), Integer.MAX_VALUE);
  }

  /** Only those of this agent. */
  public FaultRuleBuilder byAgent(String agent) {
    return new FaultRuleBuilder(method, path, Optional.of(agent), times);
  }

  /** Only the first of them. */
  public FaultRuleBuilder once() {
    return times(1);
  }

  /** Only so many of them. */
  public FaultRuleBuilder times(int count) {
    return new FaultRuleBuilder(method, path, agentId, count);
  }

  /** The connection breaks before the server has looked at the request. */
  public FaultRule dropRequest() {
    return build(new DropRequest());
  }

  /** The server does what was asked, and the connection breaks before the answer. */
  public FaultRule dropResponse() {
    return build(new DropResponse());
  }

  /** The request waits before the server looks at it. */
  public FaultRule delayRequest(Duration delay) {
    return build(new Delay(delay));
  }

  /** This answer, and nothing is done. */
  public FaultRule respondWith(int status, Map<String, String> headers, String body) {
    return build(new Respond(false, status, headers, body));
  }

  /** What was asked is done, and this answer is given all the same. */
  public FaultRule respondAfterProcessing(int status, Map<String, String> headers, String body) {
    return build(new Respond(true, status, headers, body));
  }

  /** {@code 429} with this {@code Retry-After}, and nothing is done. */
  public FaultRule tooManyRequests(int retryAfterSeconds) {
    String body = "{\"error\":\"Too many concurrent issue-list requests for this actor/client\",\"retryAfterSeconds\":"
        + retryAfterSeconds + "}";
    Map<String, String> headers = Map.of("content-type", HttpResponseWriter.JSON, "retry-after",
        Integer.toString(retryAfterSeconds));
    return respondWith(429, headers, body);
  }

  /** {@code 429} that does not say when to come back, and nothing is done. */
  public FaultRule tooManyRequests() {
    return respondWith(429, HttpResponseWriter.JSON_HEADERS, "{\"error\":\"Too many requests\"}");
  }

  /** {@code 409} as of an issue that somebody else holds, and nothing is done. */
  public FaultRule conflict() {
    return respondWith(409, HttpResponseWriter.JSON_HEADERS, "{\"error\":\"Issue checkout conflict\",\"details\":{}}");
  }

  /** {@code 422}, and nothing is done. */
  public FaultRule unprocessable() {
    return respondWith(422, HttpResponseWriter.JSON_HEADERS, "{\"error\":\"Unprocessable\",\"details\":{}}");
  }

  /** {@code 500}, and nothing is done. */
  public FaultRule internalError() {
    return respondWith(500, HttpResponseWriter.JSON_HEADERS, "{\"error\":\"Internal server error\"}");
  }

  /** What was asked is done, and the answer is {@code 500}. */
  public FaultRule internalErrorAfterProcessing() {
    return respondAfterProcessing(500, HttpResponseWriter.JSON_HEADERS, "{\"error\":\"Internal server error\"}");
  }

  /** {@code 503}, and nothing is done. */
  public FaultRule unavailable() {
    return respondWith(503, HttpResponseWriter.JSON_HEADERS, "{\"error\":\"Service unavailable\"}");
  }

  /** {@code 200} with a page, as a proxy in the way answers. */
  public FaultRule htmlPage() {
    return respondWith(200, Map.of("content-type", "text/html"), "<!doctype html><html><body>Sign in</body></html>");
  }

  /** The answer ends after so many bytes, and the connection breaks. */
  public FaultRule truncateResponse(int bytes) {
    return build(new Truncate(bytes));
  }

  /** The answer is JSON of this size instead. */
  public FaultRule oversizedResponse(int bytes) {
    return build(new Oversize(bytes));
  }

  private FaultRule build(FaultAction action) {
    return new FaultRule(method, path, agentId, times, action);
  }
}
