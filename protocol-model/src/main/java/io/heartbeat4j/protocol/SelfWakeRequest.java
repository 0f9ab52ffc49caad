package io.heartbeat4j.protocol;

import java.util.Map;
import org.apiguardian.api.API;

/**
 * The body with which an agent asks for a run of its own, scoped to an issue (contract section 4).
 *
 * @param forceFreshSession whether the wake waits for the end of a live run of that issue; else it goes into that run
 *     and is over with it
 */
@API(status = API.Status.EXPERIMENTAL, since = "1.0")
public record SelfWakeRequest(
    String source, String triggerDetail, String reason, boolean forceFreshSession, Map<String, IssueId> payload) {

  /** A run at once, for an issue that has none. */
  public static SelfWakeRequest now(IssueId issue, String reason) {
    return new SelfWakeRequest("on_demand", "manual", reason, false, Map.of("issueId", issue));
  }

  /** A run of its own when the issue's live run has ended. The server answers that it skips it, and defers it. */
  public static SelfWakeRequest afterLiveRun(IssueId issue, String reason) {
    return new SelfWakeRequest("on_demand", "manual", reason, true, Map.of("issueId", issue));
  }
}
