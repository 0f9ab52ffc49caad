package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Routes of the documents and work products of an issue. */
final class DocumentRoutes {

  private final ServerState server;
  private final IssueAccessControl accessControl;

  DocumentRoutes(ServerState server, IssueAccessControl accessControl) {
    this.server = server;
    this.accessControl = accessControl;
  }

  void routes(Router router) {
    router.route("GET", "/api/issues/:issue/documents", this::list);
    router.route("GET", "/api/issues/:issue/documents/:key", this::get);
    router.route("PUT", "/api/issues/:issue/documents/:key", this::put);
    router.route("GET", "/api/issues/:issue/work-products", this::workProducts);
    router.route("POST", "/api/issues/:issue/work-products", this::addWorkProduct);
  }

  private Map<String, DocumentEntity> documentsOf(IssueEntity issueEntity) {
    return server.documents.computeIfAbsent(issueEntity.id, id -> new LinkedHashMap<>());
  }

  private ServerResponse list(ApiCall apiCall) {
    ArrayNode answer = JsonNodes.array();
    documentsOf(accessControl.findIssue(apiCall)).values()
        .forEach(documentEntity -> answer.add(documentEntity.toSummary()));
    return CacheableResponse.of(answer);
  }

  private ServerResponse get(ApiCall apiCall) {
    DocumentEntity documentEntity = documentsOf(accessControl.findIssue(apiCall)).get(apiCall.param("key"));
    if (documentEntity == null) {
      throw ApiException.notFound("Document not found");
    }
    ObjectNode answer = documentEntity.toJson();
    answer.putArray("annotations");
    return CacheableResponse.of(answer);
  }

  private ServerResponse put(ApiCall apiCall) {
    ObjectNode body = apiCall.validateBody().text("format").text("body").orThrow();
    IssueEntity issueEntity = accessControl.findIssue(apiCall);
    accessControl.requireWritable(apiCall, issueEntity, false);
    DocumentEntity present = documentsOf(issueEntity).get(apiCall.param("key"));
    String base = JsonNodes.text(body, "baseRevisionId");
    if (present != null && !Objects.equals(base, present.latestRevisionId)) {
      String message = base == null
          ? "Document update requires baseRevisionId"
          : "Document was updated by someone else";
      throw ApiException.conflict(message, JsonNodes.object().put("currentRevisionId", present.latestRevisionId));
    }
    if (present == null && base != null) {
      throw ApiException.conflict("Document does not exist yet", JsonNodes.object().put("key", apiCall.param("key")));
    }
    DocumentEntity documentEntity = present == null ? create(apiCall, issueEntity) : present;
    documentEntity.title = JsonNodes.text(body, "title");
    documentEntity.format = body.path("format").asText();
    documentEntity.body = body.path("body").asText();
    documentEntity.updatedByAgentId = apiCall.agentId();
    documentEntity.updatedAt = server.now();
    if (present != null) {
      documentEntity.latestRevisionId = server.idGenerator.next();
      documentEntity.latestRevisionNumber++;
    }
    markProductive(apiCall, issueEntity);
    return ServerResponse.of(present == null ? 201 : 200, documentEntity.toJson());
  }

  private DocumentEntity create(ApiCall apiCall, IssueEntity issueEntity) {
    String key = apiCall.param("key");
    DocumentEntity documentEntity = new DocumentEntity(server.idGenerator.next(), issueEntity, key,
        server.idGenerator.next(), apiCall.agentId(), server.now());
    documentsOf(issueEntity).put(key, documentEntity);
    return documentEntity;
  }

  private ServerResponse workProducts(ApiCall apiCall) {
    ArrayNode answer = JsonNodes.array();
    answer.addAll(server.workProducts.getOrDefault(accessControl.findIssue(apiCall).id, new ArrayList<>()));
    return CacheableResponse.of(answer);
  }

  private ServerResponse addWorkProduct(ApiCall apiCall) {
    ObjectNode body = apiCall.validateBody().text("type").text("provider").text("title").orThrow();
    IssueEntity issueEntity = accessControl.findIssue(apiCall);
    accessControl.requireWritable(apiCall, issueEntity, false);
    String now = JsonNodes.time(server.now());
    ObjectNode product = JsonNodes.object().put("id", server.idGenerator.next()).put("companyId",
        issueEntity.companyId);
    product.put("projectId", issueEntity.projectId).put("issueId", issueEntity.id);
    JsonNodes.putNulls(product, "executionWorkspaceId", "runtimeServiceId");
    product.put("type", body.path("type").asText()).put("provider", body.path("provider").asText());
    product.put("externalId", JsonNodes.text(body, "externalId")).put("title", body.path("title").asText());
    product.put("url", JsonNodes.text(body, "url")).put("status", body.path("status").asText("active"));
    product.put("reviewState", "none").put("isPrimary", false).put("healthStatus", "unknown");
    product.put("summary", JsonNodes.text(body, "summary")).putNull("metadata").putNull("sourceTrust");
    product.put("createdByRunId", apiCall.runId()).put("createdAt", now).put("updatedAt", now);
    server.workProducts.computeIfAbsent(issueEntity.id, id -> new ArrayList<>()).add(product);
    markProductive(apiCall, issueEntity);
    return ServerResponse.of(201, product.deepCopy());
  }

  private void markProductive(ApiCall apiCall, IssueEntity issueEntity) {
    issueEntity.lastActivityAt = server.now();
    server.recordProgress(apiCall.runId(), issueEntity);
  }
}
