package io.heartbeat4j.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;

/**
 * The ids of a company on an embedded server with what an agent needs: a goal, the agent, and its manager. The manager is
 * paused, so that what goes to it stays as it is.
 *
 * @param id of the company
 */
public record SeededCompany(String id, String goal, String manager, String agent) {

  /**
   * Creates the company and its agents; no agent is woken.
   *
   * @param agentFields of the agent, as for {@link EmbeddedBoard#createAgent}, beside the manager
   */
  public static Future<SeededCompany> create(EmbeddedBoard board, String name, String agentName,
      Map<String, ?> agentFields) {
    return board.createCompany(name).map(SeededCompany::id)
        .compose(company -> board.createGoal(company, "What the company is for").map(SeededCompany::id)
            .compose(goal -> board.createAgent(company, "Manager", Map.of("role", "ceo")).map(SeededCompany::id)
                .compose(manager -> board.pauseAgent(manager)
                    .compose(paused -> board.createAgent(company, agentName, reportingTo(manager, agentFields)))
                    .map(agent -> new SeededCompany(company, goal, manager, id(agent))))));
  }

  private static Map<String, ?> reportingTo(String manager, Map<String, ?> fields) {
    Map<String, Object> all = new HashMap<>(fields);
    all.put("reportsTo", manager);
    return all;
  }

  private static String id(JsonNode created) {
    return created.path("id").asText();
  }
}
