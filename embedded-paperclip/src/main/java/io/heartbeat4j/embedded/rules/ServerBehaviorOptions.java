package io.heartbeat4j.embedded.rules;

import java.time.Duration;

/**
 * What differs between servers and how fast time-driven rules act. Immutable; the methods that take a
 * value give a changed copy.
 *
 * @param startDelay between a queued run and its start
 * @param missingCommentDelay between the end of a silent run and the wake that asks for a comment
 * @param handoffDelay between the end of a run without disposition and the one corrective wake
 * @param escalationDelay between the end of a corrective run without disposition and {@code blocked}
 * @param reconciliationDelay between a failed run and its issue's move to {@code blocked}
 * @param compactListLife how long a compact issue list is answered again unchanged
 * @param hasRunEndpoint whether {@code GET /api/heartbeat-runs/{id}} exists (older servers: no)
 * @param scopedWritesOnly whether an unscoped run may neither comment nor PATCH (older servers: it may)
 * @param crossIssueCap writes to other issues that one run may make
 * @param apiUrl where agents reach this server, without {@code /api}
 * @param tokenSecret key of the run tokens' signatures
 */
public record ServerBehaviorOptions(
    Duration startDelay,
    Duration missingCommentDelay,
    Duration handoffDelay,
    Duration escalationDelay,
    Duration reconciliationDelay,
    Duration compactListTtl,
    boolean hasRunEndpoint,
    boolean requiresScopedWrites,
    int crossIssueCap,
    String apiUrl,
    String tokenSecret) {

  /** As the recorded server, but with short delays where that one sweeps every few seconds. */
  public static ServerBehaviorOptions defaults() {
    return new ServerBehaviorOptions(
        Duration.ZERO,
        Duration.ofMillis(20),
        Duration.ofMillis(20),
        Duration.ofMillis(200),
        Duration.ofMillis(200),
        Duration.ofSeconds(2),
        true,
        true,
        20,
        "http://127.0.0.1:0",
        "embedded-paperclip-agent-token-secret");
  }

  public ServerBehaviorOptions startDelay(Duration delay) {
    return new ServerBehaviorOptions(delay, missingCommentDelay, handoffDelay, escalationDelay, reconciliationDelay,
        compactListTtl, hasRunEndpoint, requiresScopedWrites, crossIssueCap, apiUrl, tokenSecret);
  }

  public ServerBehaviorOptions missingCommentDelay(Duration delay) {
    return new ServerBehaviorOptions(startDelay, delay, handoffDelay, escalationDelay, reconciliationDelay,
        compactListTtl, hasRunEndpoint, requiresScopedWrites, crossIssueCap, apiUrl, tokenSecret);
  }

  public ServerBehaviorOptions handoffDelay(Duration delay) {
    return new ServerBehaviorOptions(startDelay, missingCommentDelay, delay, escalationDelay, reconciliationDelay,
        compactListTtl, hasRunEndpoint, requiresScopedWrites, crossIssueCap, apiUrl, tokenSecret);
  }

  public ServerBehaviorOptions escalationDelay(Duration delay) {
    return new ServerBehaviorOptions(startDelay, missingCommentDelay, handoffDelay, delay, reconciliationDelay,
        compactListTtl, hasRunEndpoint, requiresScopedWrites, crossIssueCap, apiUrl, tokenSecret);
  }

  public ServerBehaviorOptions reconciliationDelay(Duration delay) {
    return new ServerBehaviorOptions(startDelay, missingCommentDelay, handoffDelay, escalationDelay, delay,
        compactListTtl, hasRunEndpoint, requiresScopedWrites, crossIssueCap, apiUrl, tokenSecret);
  }

  public ServerBehaviorOptions compactListTtl(Duration life) {
    return new ServerBehaviorOptions(startDelay, missingCommentDelay, handoffDelay, escalationDelay,
        reconciliationDelay,
        life, hasRunEndpoint, requiresScopedWrites, crossIssueCap, apiUrl, tokenSecret);
  }

  public ServerBehaviorOptions hasRunEndpoint(boolean has) {
    return new ServerBehaviorOptions(startDelay, missingCommentDelay, handoffDelay, escalationDelay,
        reconciliationDelay,
        compactListTtl, has, requiresScopedWrites, crossIssueCap, apiUrl, tokenSecret);
  }

  public ServerBehaviorOptions requiresScopedWrites(boolean scoped) {
    return new ServerBehaviorOptions(startDelay, missingCommentDelay, handoffDelay, escalationDelay,
        reconciliationDelay,
        compactListTtl, hasRunEndpoint, scoped, crossIssueCap, apiUrl, tokenSecret);
  }

  public ServerBehaviorOptions apiUrl(String url) {
    return new ServerBehaviorOptions(startDelay, missingCommentDelay, handoffDelay, escalationDelay,
        reconciliationDelay,
        compactListTtl, hasRunEndpoint, requiresScopedWrites, crossIssueCap, url, tokenSecret);
  }
}
