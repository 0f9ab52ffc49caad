package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Routes of companies, goals and projects. */
final class CompanyRoutes {

  private final ServerState server;

  CompanyRoutes(ServerState server) {
    this.server = server;
  }

  void routes(Router router) {
    router.route("GET", "/api/companies", this::list);
    router.route("POST", "/api/companies", this::create);
    router.route("GET", "/api/companies/:company", this::get);
    router.route("GET", "/api/companies/:company/goals", this::goals);
    router.route("POST", "/api/companies/:company/goals", this::createGoal);
    router.route("GET", "/api/companies/:company/projects", this::projects);
    router.route("POST", "/api/companies/:company/projects", this::createProject);
  }

  private ServerResponse list(ApiCall apiCall) {
    apiCall.requireBoard();
    ArrayNode answer = JsonNodes.array();
    server.companies.values().forEach(companyEntity -> answer.add(companyEntity.toJson()));
    return ServerResponse.ok(answer);
  }

  private ServerResponse create(ApiCall apiCall) {
    ObjectNode body = apiCall.validateBody().text("name").orThrow();
    apiCall.requireBoard();
    String name = body.path("name").asText();
    CompanyEntity companyEntity = new CompanyEntity(server.idGenerator.next(), name, prefix(name), server.now());
    server.companies.put(companyEntity.id, companyEntity);
    return ServerResponse.of(201, companyEntity.toJson());
  }

  /** The first three letters of the name, with {@code A} appended until no other company has the prefix. */
  private String prefix(String name) {
    String letters = name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z]", "");
    String base = letters.isEmpty() ? "CMP" : letters.substring(0, Math.min(3, letters.length()));
    StringBuilder prefix = new StringBuilder(base);
    while (server.companies.values().stream()
        .anyMatch(companyEntity -> companyEntity.issuePrefix.contentEquals(prefix))) {
      prefix.append('A');
    }
    return prefix.toString();
  }

  private CompanyEntity find(ApiCall apiCall) {
    apiCall.requireCompany(apiCall.param("company"));
    CompanyEntity companyEntity = server.companies.get(apiCall.param("company"));
    if (companyEntity == null) {
      throw ApiException.notFound("Company not found");
    }
    return companyEntity;
  }

  private ServerResponse get(ApiCall apiCall) {
    return ServerResponse.ok(find(apiCall).toJson());
  }

  private ServerResponse goals(ApiCall apiCall) {
    CompanyEntity companyEntity = find(apiCall);
    ArrayNode answer = JsonNodes.array();
    server.goals.values().stream()
        .filter(goalEntity -> goalEntity.companyId().equals(companyEntity.id))
        .forEach(goalEntity -> answer.add(goalEntity.toJson()));
    return ServerResponse.ok(answer);
  }

  private ServerResponse createGoal(ApiCall apiCall) {
    ObjectNode body = apiCall.validateBody().text("title").orThrow();
    CompanyEntity companyEntity = find(apiCall);
    GoalEntity goalEntity = new GoalEntity(
        server.idGenerator.next(),
        companyEntity.id,
        body.path("title").asText(),
        JsonNodes.text(body, "description"),
        body.path("level").asText("task"),
        body.path("status").asText("planned"),
        JsonNodes.text(body, "parentId"),
        server.now());
    server.goals.put(goalEntity.id(), goalEntity);
    return ServerResponse.of(201, goalEntity.toJson());
  }

  private ServerResponse projects(ApiCall apiCall) {
    CompanyEntity companyEntity = find(apiCall);
    ArrayNode answer = JsonNodes.array();
    server.projects.values().stream()
        .filter(projectEntity -> projectEntity.companyId().equals(companyEntity.id))
        .forEach(projectEntity -> answer.add(projectEntity.toJson()));
    return ServerResponse.ok(answer);
  }

  private ServerResponse createProject(ApiCall apiCall) {
    ObjectNode body = apiCall.validateBody().text("name").optionalUuids("goalIds").orThrow();
    CompanyEntity companyEntity = find(apiCall);
    List<GoalEntity> goals = new ArrayList<>();
    for (JsonNode id : body.path("goalIds")) {
      GoalEntity goalEntity = server.goals.get(id.asText());
      if (goalEntity != null) {
        goals.add(goalEntity);
      }
    }
    ProjectEntity projectEntity = new ProjectEntity(
        server.idGenerator.next(),
        companyEntity.id,
        body.path("name").asText(),
        JsonNodes.text(body, "description"),
        body.path("status").asText("backlog"),
        goals,
        server.now());
    server.projects.put(projectEntity.id(), projectEntity);
    return ServerResponse.of(201, projectEntity.toJson());
  }
}
