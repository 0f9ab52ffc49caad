package io.heartbeat4j.client;

import io.heartbeat4j.protocol.RunId;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request to the API; the same value is sent at every attempt.
 *
 * @param path from {@code /api} on, with the query
 * @param token absent only where the server needs none
 * @param run the run id header of a write
 * @param minimalResponse whether the response may leave out the issue
 */
record ApiRequest<T>(
    HttpMethod method,
    String path,
    @Nullable AgentToken token,
    @Nullable RunId run,
    @Nullable Buffer body,
    boolean minimalResponse,
    RetryMode retryMode,
    ResponseReader<T> reader) {

  private static final Pattern RUN_ID_IN_PATH = Pattern.compile("(/heartbeat-runs/)[^/]+");

  /** What stands above the body; the run's id is on every request that has one. */
  MultiMap headers(ClientOptions options) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap()
        .add(HttpHeaders.ACCEPT, "application/json")
        .add(HttpHeaders.USER_AGENT, options.userAgent());
    if (token != null) {
      headers.add(HttpHeaders.AUTHORIZATION, "Bearer " + token.reveal());
    }
    if (run != null) {
      headers.add("X-Paperclip-Run-Id", run.toString());
    }
    if (minimalResponse) {
      headers.add("Prefer", "return=minimal");
    }
    if (body != null) {
      headers.add(HttpHeaders.CONTENT_TYPE, "application/json");
    }
    return headers;
  }

  /** The request in words: no query, no run id. */
  @Override
  public String toString() {
    int query = path.indexOf('?');
    String bare = query < 0 ? path : path.substring(0, query);
    return method + " " + RUN_ID_IN_PATH.matcher(bare).replaceAll("$1{run}");
  }
}
