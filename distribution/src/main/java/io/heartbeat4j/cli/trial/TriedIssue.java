package io.heartbeat4j.cli.trial;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * An issue after its heartbeat, in the server's JSON.
 *
 * @param comments all of them, oldest first
 * @param subtasks the issues below it
 * @param cards its interactions
 * @param approvals of the company
 * @param costs the cost events of the work
 */
public record TriedIssue(JsonNode issue, List<JsonNode> comments, List<JsonNode> subtasks, List<JsonNode> cards,
    List<JsonNode> approvals, List<JsonNode> costs) {

  /** The sum of a field of the cost events. */
  public long totalCost(String field) {
    return costs.stream().mapToLong(event -> event.path(field).asLong()).sum();
  }
}
