package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Documents and work products of an issue. */
final class Documents {

  private final World world;
  private final IssueAccess access;

  Documents(World world, IssueAccess access) {
    this.world = world;
    this.access = access;
  }

  void routes(Router router) {
    router.on("GET", "/api/issues/:issue/documents", this::list);
    router.on("GET", "/api/issues/:issue/documents/:key", this::get);
    router.on("PUT", "/api/issues/:issue/documents/:key", this::put);
    router.on("GET", "/api/issues/:issue/work-products", this::workProducts);
    router.on("POST", "/api/issues/:issue/work-products", this::addWorkProduct);
  }

  private Map<String, Document> of(Issue issue) {
    return world.documents.computeIfAbsent(issue.id, id -> new LinkedHashMap<>());
  }

  private Response list(Call call) {
    ArrayNode answer = Json.array();
    of(access.issue(call)).values().forEach(document -> answer.add(document.toSummary()));
    return Reads.cacheable(answer);
  }

  private Response get(Call call) {
    Document document = of(access.issue(call)).get(call.param("key"));
    if (document == null) {
      throw Refusal.notFound("Document not found");
    }
    ObjectNode answer = document.toJson();
    answer.putArray("annotations");
    return Reads.cacheable(answer);
  }

  private Response put(Call call) {
    ObjectNode body = call.check().text("format").text("body").orRefuse();
    Issue issue = access.issue(call);
    access.mayWrite(call, issue, false);
    Document present = of(issue).get(call.param("key"));
    String base = Json.text(body, "baseRevisionId");
    if (present != null && !Objects.equals(base, present.latestRevisionId)) {
      String message =
          base == null
              ? "Document update requires baseRevisionId"
              : "Document was updated by someone else";
      throw Refusal.conflict(message, Json.object().put("currentRevisionId", present.latestRevisionId));
    }
    if (present == null && base != null) {
      throw Refusal.conflict("Document does not exist yet", Json.object().put("key", call.param("key")));
    }
    Document document = present == null ? create(call, issue) : present;
    document.title = Json.text(body, "title");
    document.format = body.path("format").asText();
    document.body = body.path("body").asText();
    document.updatedByAgentId = call.agentId();
    document.updatedAt = world.now();
    if (present != null) {
      document.latestRevisionId = world.ids.next();
      document.latestRevisionNumber++;
    }
    touched(call, issue);
    return Response.of(present == null ? 201 : 200, document.toJson());
  }

  private Document create(Call call, Issue issue) {
    String key = call.param("key");
    Document document = new Document(world.ids.next(), issue, key, world.ids.next(), call.agentId(), world.now());
    of(issue).put(key, document);
    return document;
  }

  private Response workProducts(Call call) {
    ArrayNode answer = Json.array();
    answer.addAll(world.workProducts.getOrDefault(access.issue(call).id, new ArrayList<>()));
    return Reads.cacheable(answer);
  }

  private Response addWorkProduct(Call call) {
    ObjectNode body = call.check().text("type").text("provider").text("title").orRefuse();
    Issue issue = access.issue(call);
    access.mayWrite(call, issue, false);
    String now = Json.time(world.now());
    ObjectNode product = Json.object().put("id", world.ids.next()).put("companyId", issue.companyId);
    product.put("projectId", issue.projectId).put("issueId", issue.id);
    Json.nulls(product, "executionWorkspaceId", "runtimeServiceId");
    product.put("type", body.path("type").asText()).put("provider", body.path("provider").asText());
    product.put("externalId", Json.text(body, "externalId")).put("title", body.path("title").asText());
    product.put("url", Json.text(body, "url")).put("status", body.path("status").asText("active"));
    product.put("reviewState", "none").put("isPrimary", false).put("healthStatus", "unknown");
    product.put("summary", Json.text(body, "summary")).putNull("metadata").putNull("sourceTrust");
    product.put("createdByRunId", call.runId()).put("createdAt", now).put("updatedAt", now);
    world.workProducts.computeIfAbsent(issue.id, id -> new ArrayList<>()).add(product);
    touched(call, issue);
    return Response.of(201, product.deepCopy());
  }

  private void touched(Call call, Issue issue) {
    issue.lastActivityAt = world.now();
    world.run(call.runId()).ifPresent(run -> {
      run.productive = true;
      run.touchedIssues.add(issue.id);
    });
  }
}
