package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Pauses of an issue and all below it. */
final class Holds {

  private final World world;
  private final IssueAccess access;
  private final RunEnd runEnd;

  Holds(World world, IssueAccess access, RunEnd runEnd) {
    this.world = world;
    this.access = access;
    this.runEnd = runEnd;
  }

  void routes(Router router) {
    router.on("GET", "/api/issues/:issue/tree-holds", this::list);
    router.on("POST", "/api/issues/:issue/tree-holds", this::create);
    router.on("POST", "/api/issues/:issue/tree-holds/:hold/release", this::release);
  }

  private Response list(Call call) {
    Issue issue = access.issue(call);
    ArrayNode answer = Json.array();
    world.holds.stream().filter(hold -> hold.rootIssueId.equals(issue.id)).forEach(hold -> answer.add(hold.toJson()));
    return Response.ok(answer);
  }

  private Response create(Call call) {
    call.requireBoard();
    ObjectNode body = call.check().choice("mode", List.of("pause", "resume", "cancel", "restore")).orRefuse();
    Issue root = access.issue(call);
    Hold hold =
        new Hold(world.ids.next(), root.companyId, root.id, body.path("mode").asText(), Json.text(body, "reason"), world.now());
    ObjectNode holdJson = hold.toJson();
    ArrayNode members = holdJson.putArray("members");
    List<Run> live = new ArrayList<>();
    for (Issue issue : subtree(root)) {
      boolean skipped = issue.status().closed();
      ObjectNode member = members.addObject().put("id", world.ids.next()).put("holdId", hold.id);
      member.put("issueId", issue.id).put("parentIssueId", issue == root ? null : issue.parentId);
      member.put("issueIdentifier", issue.identifier).put("issueTitle", issue.title);
      member.put("issueStatus", issue.status().wire()).put("assigneeAgentId", issue.assigneeAgentId);
      member.put("skipped", skipped).put("skipReason", skipped ? "terminal_status" : null);
      if (!skipped) {
        world.liveRuns(run -> issue.id.equals(run.issueId())).forEach(live::add);
      }
    }
    world.holds.add(hold);
    live.forEach(run -> runEnd.stop(run, "Cancelled because the issue tree was paused", "cancelled"));
    ObjectNode answer = Json.object();
    answer.set("hold", holdJson);
    ObjectNode totals = answer.putObject("preview").put("rootIssueId", root.id).put("mode", hold.mode).putObject("totals");
    totals.put("totalIssues", members.size()).put("activeRuns", live.size());
    return Response.of(201, answer);
  }

  private List<Issue> subtree(Issue root) {
    List<Issue> found = new ArrayList<>(List.of(root));
    for (int i = 0; i < found.size(); i++) {
      world.children(found.get(i)).forEach(found::add);
    }
    return found;
  }

  private Response release(Call call) {
    call.requireBoard();
    Issue issue = access.issue(call);
    Hold hold =
        world.holds.stream()
            .filter(each -> each.id.equals(call.param("hold")) && each.rootIssueId.equals(issue.id))
            .findFirst()
            .orElseThrow(() -> Refusal.notFound("Issue tree hold not found"));
    hold.active = false;
    return Response.ok(hold.toJson());
  }
}
