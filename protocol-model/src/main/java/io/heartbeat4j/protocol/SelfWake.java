package io.heartbeat4j.protocol;

import java.util.Map;

/** The body with which an agent asks for a run of its own, scoped to an issue (contract section 4). */
public record SelfWake(String source, String triggerDetail, String reason, Map<String, IssueId> payload) {

  public static SelfWake on(IssueId issue, String reason) {
    return new SelfWake("on_demand", "manual", reason, Map.of("issueId", issue));
  }
}
