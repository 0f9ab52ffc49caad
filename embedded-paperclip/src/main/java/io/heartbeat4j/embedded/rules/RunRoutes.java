package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.vertx.core.Future;
import java.util.Comparator;

/** Routes that read and cancel runs. */
final class RunRoutes {

  private final ServerState server;
  private final RunFinisher runFinisher;

  RunRoutes(ServerState server, RunFinisher runFinisher) {
    this.server = server;
    this.runFinisher = runFinisher;
  }

  void routes(Router router) {
    router.route("GET", "/api/companies/:company/heartbeat-runs", this::list);
    if (server.options.hasRunEndpoint()) {
      router.route("GET", "/api/heartbeat-runs/:run",
          apiCall -> ServerResponse.ok(RunJsonRenderer.render(find(apiCall))));
    }
    router.route("GET", "/api/heartbeat-runs/:run/issues", this::issues);
    router.routeAsync("POST", "/api/heartbeat-runs/:run/cancel", this::cancel);
  }

  private RunEntity find(ApiCall apiCall) {
    RunEntity runEntity = server.runs.get(apiCall.param("run"));
    if (runEntity == null || !apiCall.canSee(runEntity.companyId)) {
      throw ApiException.notFound("Heartbeat run not found");
    }
    return runEntity;
  }

  private ServerResponse list(ApiCall apiCall) {
    apiCall.requireCompany(apiCall.param("company"));
    String agentId = apiCall.query("agentId");
    ArrayNode answer = JsonNodes.array();
    server.runs.values().stream()
        .filter(runEntity -> runEntity.companyId.equals(apiCall.param("company")))
        .filter(runEntity -> agentId == null || runEntity.agentId.equals(agentId))
        .sorted(Comparator.comparing((RunEntity runEntity) -> runEntity.createdAt).reversed())
        .forEach(runEntity -> answer.add(RunJsonRenderer.render(runEntity)));
    return ServerResponse.ok(answer);
  }

  private ServerResponse issues(ApiCall apiCall) {
    RunEntity runEntity = find(apiCall);
    ArrayNode answer = JsonNodes.array();
    runEntity.touchedIssues.stream()
        .map(server.issues::get)
        .filter(java.util.Objects::nonNull)
        .forEach(
            issueEntity -> answer
                .addObject()
                .put("issueId", issueEntity.id)
                .put("identifier", issueEntity.identifier)
                .put("title", issueEntity.title)
                .put("status", issueEntity.status().wireName())
                .put("priority", issueEntity.priority));
    return ServerResponse.ok(answer);
  }

  private Future<ServerResponse> cancel(ApiCall apiCall) {
    apiCall.requireBoard();
    RunEntity runEntity = find(apiCall);
    return runFinisher.stop(runEntity, "Cancelled by control plane", "cancelled")
        .map(gone -> ServerResponse.ok(RunJsonRenderer.render(runEntity)));
  }
}
