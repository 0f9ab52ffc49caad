package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Routes of holds. */
final class TreeHoldRoutes {

  private final ServerState server;
  private final IssueAccessControl accessControl;
  private final RunFinisher runFinisher;

  TreeHoldRoutes(ServerState server, IssueAccessControl accessControl, RunFinisher runFinisher) {
    this.server = server;
    this.accessControl = accessControl;
    this.runFinisher = runFinisher;
  }

  void routes(Router router) {
    router.route("GET", "/api/issues/:issue/tree-holds", this::list);
    router.route("POST", "/api/issues/:issue/tree-holds", this::create);
    router.route("POST", "/api/issues/:issue/tree-holds/:hold/release", this::release);
  }

  private ServerResponse list(ApiCall apiCall) {
    IssueEntity issueEntity = accessControl.findIssue(apiCall);
    ArrayNode answer = JsonNodes.array();
    server.treeHolds.stream().filter(treeHoldEntity -> treeHoldEntity.rootIssueId.equals(issueEntity.id))
        .forEach(treeHoldEntity -> answer.add(treeHoldEntity.toJson()));
    return ServerResponse.ok(answer);
  }

  private ServerResponse create(ApiCall apiCall) {
    apiCall.requireBoard();
    ObjectNode body = apiCall.validateBody().choice("mode", List.of("pause", "resume", "cancel", "restore")).orThrow();
    IssueEntity root = accessControl.findIssue(apiCall);
    TreeHoldEntity treeHoldEntity = new TreeHoldEntity(server.idGenerator.next(), root.companyId, root.id,
        body.path("mode").asText(), JsonNodes.text(body, "reason"), server.now());
    ObjectNode holdJson = treeHoldEntity.toJson();
    ArrayNode members = holdJson.putArray("members");
    List<RunEntity> live = new ArrayList<>();
    for (IssueEntity issueEntity : subtree(root)) {
      boolean skipped = issueEntity.status().isClosed();
      ObjectNode member = members.addObject().put("id", server.idGenerator.next()).put("holdId", treeHoldEntity.id);
      member.put("issueId", issueEntity.id).put("parentIssueId", issueEntity == root ? null : issueEntity.parentId);
      member.put("issueIdentifier", issueEntity.identifier).put("issueTitle", issueEntity.title);
      member.put("issueStatus", issueEntity.status().wireName()).put("assigneeAgentId", issueEntity.assigneeAgentId);
      member.put("skipped", skipped).put("skipReason", skipped ? "terminal_status" : null);
      if (!skipped) {
        server.liveRuns(runEntity -> issueEntity.id.equals(runEntity.issueId())).forEach(live::add);
      }
    }
    server.treeHolds.add(treeHoldEntity);
    live.forEach(runEntity -> runFinisher.stop(runEntity, "Cancelled because the issue tree was paused", "cancelled"));
    ObjectNode answer = JsonNodes.object();
    answer.set("hold", holdJson);
    ObjectNode totals = answer.putObject("preview").put("rootIssueId", root.id).put("mode", treeHoldEntity.mode)
        .putObject("totals");
    totals.put("totalIssues", members.size()).put("activeRuns", live.size());
    return ServerResponse.of(201, answer);
  }

  private List<IssueEntity> subtree(IssueEntity root) {
    List<IssueEntity> found = new ArrayList<>(List.of(root));
    for (int i = 0; i < found.size(); i++) {
      server.children(found.get(i)).forEach(found::add);
    }
    return found;
  }

  private ServerResponse release(ApiCall apiCall) {
    apiCall.requireBoard();
    IssueEntity issueEntity = accessControl.findIssue(apiCall);
    TreeHoldEntity treeHoldEntity = server.treeHolds.stream()
        .filter(each -> each.id.equals(apiCall.param("hold")) && each.rootIssueId.equals(issueEntity.id))
        .findFirst()
        .orElseThrow(() -> ApiException.notFound("Issue tree hold not found"));
    treeHoldEntity.active = false;
    return ServerResponse.ok(treeHoldEntity.toJson());
  }
}
