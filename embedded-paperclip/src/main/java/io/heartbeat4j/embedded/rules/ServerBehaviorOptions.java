package io.heartbeat4j.embedded.rules;

import java.time.Duration;

/**
 * The differences between server versions and the delays of the timed rules. Immutable; the methods that take a value
 * return a changed copy.
 *
 * @param missingCommentDelay between the end of a run without a comment and the wake that asks for one
 * @param handoffDelay between the end of a run without disposition and the one corrective wake
 * @param reconciliationDelay between a failed run and the move of its issue to {@code blocked}
 * @param hasRunEndpoint whether {@code GET /api/heartbeat-runs/{id}} exists; older servers don't have it
 * @param requiresScopedWrites whether comments and PATCH are refused to unscoped runs; older servers accept them
 * @param apiUrl base URL of the server for agents, without {@code /api}
 */
public record ServerBehaviorOptions(
    Duration missingCommentDelay,
    Duration handoffDelay,
    Duration reconciliationDelay,
    boolean hasRunEndpoint,
    boolean requiresScopedWrites,
    String apiUrl) {

  /** A current server, with short delays: the recorded server sweeps only every few seconds. */
  public static ServerBehaviorOptions defaults() {
    return new ServerBehaviorOptions(
        Duration.ofMillis(20),
        Duration.ofMillis(20),
        Duration.ofMillis(200),
        true,
        true,
        "http://127.0.0.1:0");
  }

  public ServerBehaviorOptions missingCommentDelay(Duration delay) {
    return new ServerBehaviorOptions(delay, handoffDelay, reconciliationDelay, hasRunEndpoint, requiresScopedWrites,
        apiUrl);
  }

  public ServerBehaviorOptions handoffDelay(Duration delay) {
    return new ServerBehaviorOptions(missingCommentDelay, delay, reconciliationDelay, hasRunEndpoint,
        requiresScopedWrites, apiUrl);
  }

  public ServerBehaviorOptions reconciliationDelay(Duration delay) {
    return new ServerBehaviorOptions(missingCommentDelay, handoffDelay, delay, hasRunEndpoint, requiresScopedWrites,
        apiUrl);
  }

  public ServerBehaviorOptions hasRunEndpoint(boolean has) {
    return new ServerBehaviorOptions(missingCommentDelay, handoffDelay, reconciliationDelay, has, requiresScopedWrites,
        apiUrl);
  }

  public ServerBehaviorOptions requiresScopedWrites(boolean scoped) {
    return new ServerBehaviorOptions(missingCommentDelay, handoffDelay, reconciliationDelay, hasRunEndpoint, scoped,
        apiUrl);
  }

  public ServerBehaviorOptions apiUrl(String url) {
    return new ServerBehaviorOptions(missingCommentDelay, handoffDelay, reconciliationDelay, hasRunEndpoint,
        requiresScopedWrites, url);
  }
}
