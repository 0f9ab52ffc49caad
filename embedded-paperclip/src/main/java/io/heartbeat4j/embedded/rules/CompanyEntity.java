package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/** A company. Agents see only entities of their own company. */
final class CompanyEntity {

  final String id;
  final String name;
  final String issuePrefix;
  final Instant createdAt;
  int issueCounter;
  long spentMonthlyCents;

  CompanyEntity(String id, String name, String issuePrefix, Instant createdAt) {
    this.id = id;
    this.name = name;
    this.issuePrefix = issuePrefix;
    this.createdAt = createdAt;
  }

  ObjectNode toJson() {
    ObjectNode json = JsonNodes.object();
    json.put("id", id).put("name", name).putNull("description");
    json.put("status", "active").put("issuePrefix", issuePrefix).put("issueCounter", issueCounter);
    json.put("budgetMonthlyCents", 0).put("spentMonthlyCents", spentMonthlyCents);
    json.put("defaultResponsibleUserId", RequestActor.BOARD_USER);
    json.put("requireBoardApprovalForNewAgents", false);
    json.put("createdAt", JsonNodes.time(createdAt)).put("updatedAt", JsonNodes.time(createdAt));
    return json;
  }
}
