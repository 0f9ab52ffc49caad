package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.vertx.core.Future;
import java.util.Comparator;

/** Reads runs, and stops them. */
final class Runs {

  private final World world;
  private final RunEnd runEnd;

  Runs(World world, RunEnd runEnd) {
    this.world = world;
    this.runEnd = runEnd;
  }

  void routes(Router router) {
    router.on("GET", "/api/companies/:company/heartbeat-runs", this::list);
    if (world.options.hasRunEndpoint()) {
      router.on("GET", "/api/heartbeat-runs/:run", call -> Response.ok(RunJson.row(find(call))));
    }
    router.on("GET", "/api/heartbeat-runs/:run/issues", this::issues);
    router.onSlow("POST", "/api/heartbeat-runs/:run/cancel", this::cancel);
  }

  private Run find(Call call) {
    Run run = world.runs.get(call.param("run"));
    if (run == null || !call.sees(run.companyId)) {
      throw Refusal.notFound("Heartbeat run not found");
    }
    return run;
  }

  private Response list(Call call) {
    call.requireCompany(call.param("company"));
    String agentId = call.query("agentId");
    ArrayNode answer = Json.array();
    world.runs.values().stream()
        .filter(run -> run.companyId.equals(call.param("company")))
        .filter(run -> agentId == null || run.agentId.equals(agentId))
        .sorted(Comparator.comparing((Run run) -> run.createdAt).reversed())
        .forEach(run -> answer.add(RunJson.row(run)));
    return Response.ok(answer);
  }

  private Response issues(Call call) {
    Run run = find(call);
    ArrayNode answer = Json.array();
    run.touchedIssues.stream()
        .map(world.issues::get)
        .filter(java.util.Objects::nonNull)
        .forEach(
            issue ->
                answer
                    .addObject()
                    .put("issueId", issue.id)
                    .put("identifier", issue.identifier)
                    .put("title", issue.title)
                    .put("status", issue.status().wire())
                    .put("priority", issue.priority));
    return Response.ok(answer);
  }

  private Future<Response> cancel(Call call) {
    call.requireBoard();
    Run run = find(call);
    return runEnd.stop(run, "Cancelled by control plane", "cancelled").map(gone -> Response.ok(RunJson.row(run)));
  }
}
