package io.heartbeat4j.embedded;

import java.util.Optional;

/**
 * One request of an agent and its answer.
 *
 * @param method upper-case method
 * @param target path with query
 * @param agentId who sent it, if its credentials told
 * @param runId the run in whose name it came
 * @param body the text of its body
 * @param status the status of the answer, or zero when no answer was sent
 */
public record RecordedRequest(
    String method, String target, Optional<String> agentId, Optional<String> runId, String body, int status) {

  /** The target without its query. */
  public String path() {
    int mark = target.indexOf('?');
    return mark < 0 ? target : target.substring(0, mark);
  }
}
