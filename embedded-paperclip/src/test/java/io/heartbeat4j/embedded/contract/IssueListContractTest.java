package io.heartbeat4j.embedded.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ContractServerExtension.class)
final class IssueListContractTest {

  @Test
  void the_order_is_by_priority_and_then_by_the_latest_activity(TestCompany testCompany) {
    String low = testCompany.createIssueId("Low", Map.of("priority", "low"));
    String older = testCompany.createIssueId("Older", Map.of());
    String newer = testCompany.createIssueId("Newer", Map.of());
    String critical = testCompany.createIssueId("Critical", Map.of("priority", "critical"));

    assertThat(testCompany.board.get(testCompany.issues("")).values("id")).containsExactly(critical, newer, older, low);
    testCompany.board.post("/api/issues/" + older + "/comments", Map.of("body", "news")).expectStatus(201);
    assertThat(testCompany.board.get(testCompany.issues("")).values("id")).containsExactly(critical, older, newer, low);
  }

  @Test
  void filters_are_by_assignee_and_status(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    String mine = testCompany.createBacklog("Mine", wren);
    testCompany.createIssueId("Nobody's", Map.of());

    assertThat(testCompany.board.get(testCompany.issues("?assigneeAgentId=" + wren.id)).values("id"))
        .containsExactly(mine);
    assertThat(
        testCompany.board.get(testCompany.issues("?assigneeAgentId=" + wren.id + "&status=todo,in_progress")).body())
        .isEmpty();
    assertThat(testCompany.board.get(testCompany.issues("?status=bogus")).expectStatus(200)).isEmpty();
  }

  @Test
  void bad_parameters_are_refused(TestCompany testCompany) {
    assertThat(testCompany.board.get(testCompany.issues("?limit=0")).expectError(400))
        .isEqualTo("limit must be a positive integer up to 1000");
    assertThat(testCompany.board.get(testCompany.issues("?assigneeAgentId=abc")).expectError(422))
        .isEqualTo("assigneeAgentId must be a UUID or 'null'");
    testCompany.board.get(testCompany.issues("?limit=5000")).expectStatus(200);
  }

  @Test
  void a_list_is_paged_by_offset_or_by_id(TestCompany testCompany) {
    List<String> ids = List.of(testCompany.createIssueId("A", Map.of()), testCompany.createIssueId("B", Map.of()),
        testCompany.createIssueId("C", Map.of()));

    assertThat(testCompany.board.get(testCompany.issues("?limit=2")).body()).hasSize(2);
    assertThat(testCompany.board.get(testCompany.issues("?limit=2&offset=2")).body()).hasSize(1);
    List<String> sorted = ids.stream().sorted().toList();
    assertThat(testCompany.board.get(testCompany.issues("?sortField=id&sortDir=asc&limit=2")).values("id"))
        .isEqualTo(sorted.subList(0, 2));
    assertThat(
        testCompany.board.get(testCompany.issues("?sortField=id&sortDir=asc&afterId=" + sorted.get(1))).values("id"))
        .containsExactly(sorted.get(2));
  }

  @Test
  void children_are_found_by_their_parent(TestCompany testCompany) {
    String parent = testCompany.createIssueId("Parent", Map.of());
    String child = testCompany.createIssueId("Child", Map.of("parentId", parent));
    String grandchild = testCompany.createIssueId("Grandchild", Map.of("parentId", child));

    assertThat(testCompany.board.get(testCompany.issues("?parentId=" + parent)).values("id")).containsExactly(child);
    assertThat(testCompany.board.get(testCompany.issues("?descendantOf=" + parent)).values("id"))
        .containsExactlyInAnyOrder(child, grandchild);
  }

  @Test
  void a_row_shows_the_run_that_works_on_the_issue(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");

    JsonNode row = run.client().get(testCompany.issues("?assigneeAgentId=" + run.agent().id)).expectStatus(200).get(0);

    assertThat(row.at("/activeRun/id").asText()).isEqualTo(run.id());
    assertThat(row.at("/activeRun/status").asText()).isEqualTo("running");
    assertThat(row.at("/activeRun/agentId").asText()).isEqualTo(run.agent().id);
  }

  @Test
  void the_inbox_knows_no_review_but_says_what_is_ready(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitIdleRun("Build it");
    String ready = run.issueId();
    String blocker = testCompany.createIssueId("First this", Map.of());
    String blocked = testCompany.createIssueId("Then",
        Map.of("assigneeAgentId", wren.id, "status", "blocked", "blockedByIssueIds", List.of(blocker)));
    String review = testCompany.createIssueId("Look", Map.of("assigneeAgentId", wren.id, "status", "backlog"));
    testCompany.patchAsBoard(review, Map.of("status", "in_review")).expectStatus(200);
    testCompany.createBacklog("Later", wren);

    TestResponse inbox = run.client().get("/api/agents/me/inbox-lite");

    inbox.expectStatus(200);
    assertThat(inbox.values("id")).containsExactlyInAnyOrder(ready, blocked);
    for (JsonNode row : inbox.body()) {
      boolean isReady = row.path("id").asText().equals(ready);
      assertThat(row.path("dependencyReady").asBoolean()).isEqualTo(isReady);
      assertThat(row.path("unresolvedBlockerCount").asInt()).isEqualTo(isReady ? 0 : 1);
    }
  }

  @Test
  void one_issue_is_read_by_id_or_identifier_with_all_around_it(TestCompany testCompany) {
    JsonNode goal = testCompany.board
        .post(
            "/api/companies/" + testCompany.companyId + "/goals",
            Map.of("title", "Ship", "level", "company", "status", "active"))
        .expectStatus(201);
    String parent = testCompany.createIssueId("Parent", Map.of("goalId", goal.path("id").asText()));
    String child = testCompany.createIssueId("Child", Map.of("parentId", parent));
    String blocked = testCompany.createIssueId("Waits",
        Map.of("status", "blocked", "blockedByIssueIds", List.of(child)));

    JsonNode issue = testCompany.read(child);

    assertThat(testCompany.read(issue.path("identifier").asText()).path("id").asText()).isEqualTo(child);
    assertThat(issue.at("/ancestors/0/id").asText()).isEqualTo(parent);
    assertThat(issue.at("/blocks/0/id").asText()).isEqualTo(blocked);
    assertThat(testCompany.read(blocked).at("/blockedBy/0/id").asText()).isEqualTo(child);
    assertThat(issue.at("/goal/title").asText()).isEqualTo("Ship");
    assertThat(testCompany.board.get("/api/issues/not-a-uuid").expectError(404)).isEqualTo("Issue not found");
  }

  @Test
  void the_heartbeat_context_is_compact(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");
    JsonNode comment = run.comment(run.issueId(), "a note").expectStatus(201);
    String commentId = comment.path("id").asText();

    JsonNode context = run.client().get(run.issuePath() + "/heartbeat-context?wakeCommentId=" + commentId)
        .expectStatus(200);

    assertThat(context.at("/issue/id").asText()).isEqualTo(run.issueId());
    assertThat(context.at("/commentCursor/totalComments").asInt()).isEqualTo(1);
    assertThat(context.at("/commentCursor/latestCommentId").asText()).isEqualTo(commentId);
    assertThat(context.at("/wakeComment/id").asText()).isEqualTo(commentId);
    assertThat(context.path("ancestors").isArray()).isTrue();
  }
}
