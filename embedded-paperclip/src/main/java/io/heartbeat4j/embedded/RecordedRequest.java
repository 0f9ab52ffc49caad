package io.heartbeat4j.embedded;

import java.util.Optional;

/**
 * A request of an agent and the status of its response.
 *
 * @param method upper-case method
 * @param target path with query
 * @param agentId the sender, if its credentials are valid
 * @param runId the run of the request, if it has one
 * @param body the request body
 * @param status the response status, or zero when no response was sent
 */
public record RecordedRequest(
    String method, String target, Optional<String> agentId, Optional<String> runId, String body, int status) {

  /** The target without its query. */
  public String path() {
    int mark = target.indexOf('?');
    return mark < 0 ? target : target.substring(0, mark);
  }
}
