package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Companies with their goals and projects. */
final class Companies {

  private final World world;

  Companies(World world) {
    this.world = world;
  }

  void routes(Router router) {
    router.on("GET", "/api/companies", this::list);
    router.on("POST", "/api/companies", this::create);
    router.on("GET", "/api/companies/:company", this::get);
    router.on("GET", "/api/companies/:company/goals", this::goals);
    router.on("POST", "/api/companies/:company/goals", this::createGoal);
    router.on("GET", "/api/companies/:company/projects", this::projects);
    router.on("POST", "/api/companies/:company/projects", this::createProject);
  }

  private Response list(Call call) {
    call.requireBoard();
    ArrayNode answer = Json.array();
    world.companies.values().forEach(company -> answer.add(company.toJson()));
    return Response.ok(answer);
  }

  private Response create(Call call) {
    ObjectNode body = call.check().text("name").orRefuse();
    call.requireBoard();
    String name = body.path("name").asText();
    Company company = new Company(world.ids.next(), name, prefix(name), world.now());
    world.companies.put(company.id, company);
    return Response.of(201, company.toJson());
  }

  /** Three letters of the name, or more letters when another company has them. */
  private String prefix(String name) {
    String letters = name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z]", "");
    String base = letters.isEmpty() ? "CMP" : letters.substring(0, Math.min(3, letters.length()));
    StringBuilder prefix = new StringBuilder(base);
    while (world.companies.values().stream().anyMatch(company -> company.issuePrefix.contentEquals(prefix))) {
      prefix.append('A');
    }
    return prefix.toString();
  }

  private Company find(Call call) {
    call.requireCompany(call.param("company"));
    Company company = world.companies.get(call.param("company"));
    if (company == null) {
      throw Refusal.notFound("Company not found");
    }
    return company;
  }

  private Response get(Call call) {
    return Response.ok(find(call).toJson());
  }

  private Response goals(Call call) {
    Company company = find(call);
    ArrayNode answer = Json.array();
    world.goals.values().stream()
        .filter(goal -> goal.companyId().equals(company.id))
        .forEach(goal -> answer.add(goal.toJson()));
    return Response.ok(answer);
  }

  private Response createGoal(Call call) {
    ObjectNode body = call.check().text("title").orRefuse();
    Company company = find(call);
    Goal goal =
        new Goal(
            world.ids.next(),
            company.id,
            body.path("title").asText(),
            Json.text(body, "description"),
            body.path("level").asText("task"),
            body.path("status").asText("planned"),
            Json.text(body, "parentId"),
            world.now());
    world.goals.put(goal.id(), goal);
    return Response.of(201, goal.toJson());
  }

  private Response projects(Call call) {
    Company company = find(call);
    ArrayNode answer = Json.array();
    world.projects.values().stream()
        .filter(project -> project.companyId().equals(company.id))
        .forEach(project -> answer.add(project.toJson()));
    return Response.ok(answer);
  }

  private Response createProject(Call call) {
    ObjectNode body = call.check().text("name").optionalUuids("goalIds").orRefuse();
    Company company = find(call);
    List<Goal> goals = new ArrayList<>();
    for (JsonNode id : body.path("goalIds")) {
      Goal goal = world.goals.get(id.asText());
      if (goal != null) {
        goals.add(goal);
      }
    }
    Project project =
        new Project(
            world.ids.next(),
            company.id,
            body.path("name").asText(),
            Json.text(body, "description"),
            body.path("status").asText("backlog"),
            goals,
            world.now());
    world.projects.put(project.id(), project);
    return Response.of(201, project.toJson());
  }
}
