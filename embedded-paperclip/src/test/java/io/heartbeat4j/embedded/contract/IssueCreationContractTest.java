package io.heartbeat4j.embedded.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ContractServer.class)
final class IssueCreationContractTest {

  private static final String NO_ONE = "00000000-0000-4000-8000-000000000000";

  @Test
  void an_issue_of_nobody_goes_to_the_backlog_and_an_assigned_one_is_todo(Workplace work) {
    assertThat(work.createIssue("Nobody's", Map.of()).path("status").asText()).isEqualTo("backlog");
    assertThat(work.createIssue("Mine", Map.of("assigneeAgentId", work.agent("Wren").id)).path("status").asText())
        .isEqualTo("todo");
  }

  @Test
  void a_subtask_inherits_the_project_and_the_projects_goal_but_not_the_parents_own_goal(Workplace work) {
    String company = "/api/companies/" + work.companyId;
    String goal = work.board.post(company + "/goals", Map.of("title", "Ship")).expect(201).path("id").asText();
    String other = work.board.post(company + "/goals", Map.of("title", "Other")).expect(201).path("id").asText();
    Map<String, Object> widget = Map.of("name", "Widget", "goalIds", List.of(goal));
    String project = work.board.post(company + "/projects", widget).expect(201).path("id").asText();
    String parent = work.issue("Parent", Map.of("goalId", other, "projectId", project));
    LiveRun run = work.agent("Wren").awaitRunFor("Build it");

    JsonNode child = run.api().post(work.issues(""), Map.of("title", "Child", "parentId", parent)).expect(201);

    assertThat(child.path("goalId").asText()).isEqualTo(goal);
    assertThat(child.path("projectId").asText()).isEqualTo(project);
    assertThat(child.path("parentId").asText()).isEqualTo(parent);
    assertThat(child.path("createdByAgentId").asText()).isEqualTo(run.agent().id);
    assertThat(child.path("originRunId").asText()).isEqualTo(run.id());
    assertThat(child.path("priority").asText()).isEqualTo("medium");
  }

  @Test
  void the_goal_defaults_to_the_companys(Workplace work) {
    String goal =
        work.board
            .post(
                "/api/companies/" + work.companyId + "/goals",
                Map.of("title", "Ship", "level", "company", "status", "active"))
            .expect(201)
            .path("id")
            .asText();

    assertThat(work.createIssue("Any", Map.of()).path("goalId").asText()).isEqualTo(goal);
  }

  @Test
  void the_same_idempotency_key_gives_the_same_issue(Workplace work) {
    Api key = work.agent("Wren").key();
    JsonNode first = key.post(work.issues(""), Map.of("title", "One", "idempotencyKey", "k1")).expect(201);

    JsonNode again = key.post(work.issues(""), Map.of("title", "Other words", "idempotencyKey", "k1")).expect(200);

    assertThat(again.path("id")).isEqualTo(first.path("id"));
    assertThat(again.path("deduplicated").asBoolean()).isTrue();
    assertThat(again.path("deduplicationReason").asText()).isEqualTo("idempotency_key");
  }

  @Test
  void the_same_open_title_under_the_same_parent_gives_the_same_issue(Workplace work) {
    String parent = work.issue("Parent", Map.of());
    Api key = work.agent("Wren").key();
    JsonNode first = key.post(work.issues(""), Map.of("title", "Sub task", "parentId", parent)).expect(201);

    JsonNode again = key.post(work.issues(""), Map.of("title", "  sub   TASK ", "parentId", parent)).expect(200);

    assertThat(again.path("id")).isEqualTo(first.path("id"));
    assertThat(again.path("deduplicationReason").asText()).isEqualTo("recent_open_title");
    key.post(work.issues(""), Map.of("title", "Sub task", "parentId", parent, "allowDuplicate", true)).expect(201);
    key.post(work.issues(""), Map.of("title", "Sub task")).expect(201);
  }

  @Test
  void a_closed_issue_does_not_keep_its_title(Workplace work) {
    String first = work.issue("Once", Map.of());
    work.patchAsBoard(first, Map.of("status", "done")).expect(200);

    assertThat(work.issue("Once", Map.of())).isNotEqualTo(first);
  }

  @Test
  void what_is_named_must_exist(Workplace work) {
    Api key = work.agent("Wren").key();
    assertThat(key.post(work.issues(""), Map.of("title", "x", "parentId", NO_ONE)).error(404))
        .isEqualTo("Parent issue not found");
    assertThat(work.board.post(work.issues(""), Map.of("title", "x", "assigneeAgentId", NO_ONE)).error(404))
        .isEqualTo("Agent not found");
  }

  @Test
  void a_title_is_needed(Workplace work) {
    Reply empty = work.board.post(work.issues(""), Map.of("title", ""));

    assertThat(empty.error(400)).isEqualTo("Validation error");
    assertThat(empty.text("/details/0/code")).isEqualTo("too_small");
    assertThat(empty.text("/details/0/path/0")).isEqualTo("title");
    assertThat(work.board.post(work.issues(""), Map.of("description", "x")).error(400)).isEqualTo("Validation error");
  }

  @Test
  void an_unscoped_run_may_create(Workplace work) {
    LiveRun run = work.agent("Wren").awaitUnscopedRun();

    run.api().post(work.issues(""), Map.of("title", "Found something")).expect(201);
  }
}
