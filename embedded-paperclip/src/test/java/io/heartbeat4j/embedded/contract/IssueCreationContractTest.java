package io.heartbeat4j.embedded.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ContractServerExtension.class)
final class IssueCreationContractTest {

  private static final String NO_ONE = "00000000-0000-4000-8000-000000000000";

  @Test
  void an_issue_of_nobody_goes_to_the_backlog_and_an_assigned_one_is_todo(TestCompany testCompany) {
    assertThat(testCompany.createIssue("Nobody's", Map.of()).path("status").asText()).isEqualTo("backlog");
    assertThat(testCompany.createIssue("Mine", Map.of("assigneeAgentId", testCompany.createAgent("Wren").id))
        .path("status").asText())
        .isEqualTo("todo");
  }

  @Test
  void a_subtask_inherits_the_project_and_the_projects_goal_but_not_the_parents_own_goal(TestCompany testCompany) {
    String company = "/api/companies/" + testCompany.companyId;
    String goal = testCompany.board.post(company + "/goals", Map.of("title", "Ship")).expectStatus(201).path("id")
        .asText();
    String other = testCompany.board.post(company + "/goals", Map.of("title", "Other")).expectStatus(201).path("id")
        .asText();
    Map<String, Object> widget = Map.of("name", "Widget", "goalIds", List.of(goal));
    String project = testCompany.board.post(company + "/projects", widget).expectStatus(201).path("id").asText();
    String parent = testCompany.createIssueId("Parent", Map.of("goalId", other, "projectId", project));
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");

    JsonNode child = run.client().post(testCompany.issues(""), Map.of("title", "Child", "parentId", parent))
        .expectStatus(201);

    assertThat(child.path("goalId").asText()).isEqualTo(goal);
    assertThat(child.path("projectId").asText()).isEqualTo(project);
    assertThat(child.path("parentId").asText()).isEqualTo(parent);
    assertThat(child.path("createdByAgentId").asText()).isEqualTo(run.agent().id);
    assertThat(child.path("originRunId").asText()).isEqualTo(run.id());
    assertThat(child.path("priority").asText()).isEqualTo("medium");
  }

  @Test
  void the_goal_defaults_to_the_companys(TestCompany testCompany) {
    String goal = testCompany.board
        .post(
            "/api/companies/" + testCompany.companyId + "/goals",
            Map.of("title", "Ship", "level", "company", "status", "active"))
        .expectStatus(201)
        .path("id")
        .asText();

    assertThat(testCompany.createIssue("Any", Map.of()).path("goalId").asText()).isEqualTo(goal);
  }

  @Test
  void the_same_idempotency_key_gives_the_same_issue(TestCompany testCompany) {
    TestApiClient key = testCompany.createAgent("Wren").keyClient();
    JsonNode first = key.post(testCompany.issues(""), Map.of("title", "One", "idempotencyKey", "k1")).expectStatus(201);

    JsonNode again = key.post(testCompany.issues(""), Map.of("title", "Other words", "idempotencyKey", "k1"))
        .expectStatus(200);

    assertThat(again.path("id")).isEqualTo(first.path("id"));
    assertThat(again.path("deduplicated").asBoolean()).isTrue();
    assertThat(again.path("deduplicationReason").asText()).isEqualTo("idempotency_key");
  }

  @Test
  void the_same_open_title_under_the_same_parent_gives_the_same_issue(TestCompany testCompany) {
    String parent = testCompany.createIssueId("Parent", Map.of());
    TestApiClient key = testCompany.createAgent("Wren").keyClient();
    JsonNode first = key.post(testCompany.issues(""), Map.of("title", "Sub task", "parentId", parent))
        .expectStatus(201);

    JsonNode again = key.post(testCompany.issues(""), Map.of("title", "  sub   TASK ", "parentId", parent))
        .expectStatus(200);

    assertThat(again.path("id")).isEqualTo(first.path("id"));
    assertThat(again.path("deduplicationReason").asText()).isEqualTo("recent_open_title");
    key.post(testCompany.issues(""), Map.of("title", "Sub task", "parentId", parent, "allowDuplicate", true))
        .expectStatus(201);
    key.post(testCompany.issues(""), Map.of("title", "Sub task")).expectStatus(201);
  }

  @Test
  void a_closed_issue_does_not_keep_its_title(TestCompany testCompany) {
    String first = testCompany.createIssueId("Once", Map.of());
    testCompany.patchAsBoard(first, Map.of("status", "done")).expectStatus(200);

    assertThat(testCompany.createIssueId("Once", Map.of())).isNotEqualTo(first);
  }

  @Test
  void what_is_named_must_exist(TestCompany testCompany) {
    TestApiClient key = testCompany.createAgent("Wren").keyClient();
    assertThat(key.post(testCompany.issues(""), Map.of("title", "x", "parentId", NO_ONE)).expectError(404))
        .isEqualTo("Parent issue not found");
    assertThat(testCompany.board.post(testCompany.issues(""), Map.of("title", "x", "assigneeAgentId", NO_ONE))
        .expectError(404))
        .isEqualTo("Agent not found");
  }

  @Test
  void a_title_is_needed(TestCompany testCompany) {
    TestResponse empty = testCompany.board.post(testCompany.issues(""), Map.of("title", ""));

    assertThat(empty.expectError(400)).isEqualTo("Validation error");
    assertThat(empty.text("/details/0/code")).isEqualTo("too_small");
    assertThat(empty.text("/details/0/path/0")).isEqualTo("title");
    assertThat(testCompany.board.post(testCompany.issues(""), Map.of("description", "x")).expectError(400))
        .isEqualTo("Validation error");
  }

  @Test
  void an_unscoped_run_may_create(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitUnscopedRun();

    run.client().post(testCompany.issues(""), Map.of("title", "Found something")).expectStatus(201);
  }
}
