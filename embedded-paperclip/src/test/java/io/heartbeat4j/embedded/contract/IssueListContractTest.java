package io.heartbeat4j.embedded.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ContractServer.class)
final class IssueListContractTest {

  @Test
  void the_order_is_by_priority_and_then_by_the_latest_activity(Workplace work) {
    String low = work.issue("Low", Map.of("priority", "low"));
    String older = work.issue("Older", Map.of());
    String newer = work.issue("Newer", Map.of());
    String critical = work.issue("Critical", Map.of("priority", "critical"));

    assertThat(work.board.get(work.issues("")).column("id")).containsExactly(critical, newer, older, low);
    work.board.post("/api/issues/" + older + "/comments", Map.of("body", "news")).expect(201);
    assertThat(work.board.get(work.issues("")).column("id")).containsExactly(critical, older, newer, low);
  }

  @Test
  void filters_are_by_assignee_and_status(Workplace work) {
    TestAgent wren = work.agent("Wren");
    String mine = work.backlog("Mine", wren);
    work.issue("Nobody's", Map.of());

    assertThat(work.board.get(work.issues("?assigneeAgentId=" + wren.id)).column("id")).containsExactly(mine);
    assertThat(work.board.get(work.issues("?assigneeAgentId=" + wren.id + "&status=todo,in_progress")).body()).isEmpty();
    assertThat(work.board.get(work.issues("?status=bogus")).expect(200)).isEmpty();
  }

  @Test
  void bad_parameters_are_refused(Workplace work) {
    assertThat(work.board.get(work.issues("?limit=0")).error(400))
        .isEqualTo("limit must be a positive integer up to 1000");
    assertThat(work.board.get(work.issues("?assigneeAgentId=abc")).error(422))
        .isEqualTo("assigneeAgentId must be a UUID or 'null'");
    work.board.get(work.issues("?limit=5000")).expect(200);
  }

  @Test
  void a_list_is_paged_by_offset_or_by_id(Workplace work) {
    List<String> ids =
        List.of(work.issue("A", Map.of()), work.issue("B", Map.of()), work.issue("C", Map.of()));

    assertThat(work.board.get(work.issues("?limit=2")).body()).hasSize(2);
    assertThat(work.board.get(work.issues("?limit=2&offset=2")).body()).hasSize(1);
    List<String> sorted = ids.stream().sorted().toList();
    assertThat(work.board.get(work.issues("?sortField=id&sortDir=asc&limit=2")).column("id"))
        .isEqualTo(sorted.subList(0, 2));
    assertThat(work.board.get(work.issues("?sortField=id&sortDir=asc&afterId=" + sorted.get(1))).column("id"))
        .containsExactly(sorted.get(2));
  }

  @Test
  void children_are_found_by_their_parent(Workplace work) {
    String parent = work.issue("Parent", Map.of());
    String child = work.issue("Child", Map.of("parentId", parent));
    String grandchild = work.issue("Grandchild", Map.of("parentId", child));

    assertThat(work.board.get(work.issues("?parentId=" + parent)).column("id")).containsExactly(child);
    assertThat(work.board.get(work.issues("?descendantOf=" + parent)).column("id"))
        .containsExactlyInAnyOrder(child, grandchild);
  }

  @Test
  void a_row_shows_the_run_that_works_on_the_issue(Workplace work) {
    LiveRun run = work.agent("Wren").awaitRunFor("Build it");

    JsonNode row = run.api().get(work.issues("?assigneeAgentId=" + run.agent().id)).expect(200).get(0);

    assertThat(row.at("/activeRun/id").asText()).isEqualTo(run.id());
    assertThat(row.at("/activeRun/status").asText()).isEqualTo("running");
    assertThat(row.at("/activeRun/agentId").asText()).isEqualTo(run.agent().id);
  }

  @Test
  void the_inbox_knows_no_review_but_says_what_is_ready(Workplace work) {
    TestAgent wren = work.agent("Wren");
    LiveRun run = wren.awaitIdleRun("Build it");
    String ready = run.issueId();
    String blocker = work.issue("First this", Map.of());
    String blocked =
        work.issue("Then", Map.of("assigneeAgentId", wren.id, "status", "blocked", "blockedByIssueIds", List.of(blocker)));
    String review = work.issue("Look", Map.of("assigneeAgentId", wren.id, "status", "backlog"));
    work.patchAsBoard(review, Map.of("status", "in_review")).expect(200);
    work.backlog("Later", wren);

    Reply inbox = run.api().get("/api/agents/me/inbox-lite");

    inbox.expect(200);
    assertThat(inbox.column("id")).containsExactlyInAnyOrder(ready, blocked);
    for (JsonNode row : inbox.body()) {
      boolean isReady = row.path("id").asText().equals(ready);
      assertThat(row.path("dependencyReady").asBoolean()).isEqualTo(isReady);
      assertThat(row.path("unresolvedBlockerCount").asInt()).isEqualTo(isReady ? 0 : 1);
    }
  }

  @Test
  void one_issue_is_read_by_id_or_identifier_with_all_around_it(Workplace work) {
    JsonNode goal =
        work.board
            .post(
                "/api/companies/" + work.companyId + "/goals",
                Map.of("title", "Ship", "level", "company", "status", "active"))
            .expect(201);
    String parent = work.issue("Parent", Map.of("goalId", goal.path("id").asText()));
    String child = work.issue("Child", Map.of("parentId", parent));
    String blocked = work.issue("Waits", Map.of("status", "blocked", "blockedByIssueIds", List.of(child)));

    JsonNode issue = work.read(child);

    assertThat(work.read(issue.path("identifier").asText()).path("id").asText()).isEqualTo(child);
    assertThat(issue.at("/ancestors/0/id").asText()).isEqualTo(parent);
    assertThat(issue.at("/blocks/0/id").asText()).isEqualTo(blocked);
    assertThat(work.read(blocked).at("/blockedBy/0/id").asText()).isEqualTo(child);
    assertThat(issue.at("/goal/title").asText()).isEqualTo("Ship");
    assertThat(work.board.get("/api/issues/not-a-uuid").error(404)).isEqualTo("Issue not found");
  }

  @Test
  void the_heartbeat_context_is_compact(Workplace work) {
    LiveRun run = work.agent("Wren").awaitRunFor("Build it");
    JsonNode comment = run.comment(run.issueId(), "a note").expect(201);
    String commentId = comment.path("id").asText();

    JsonNode context =
        run.api().get(run.issuePath() + "/heartbeat-context?wakeCommentId=" + commentId).expect(200);

    assertThat(context.at("/issue/id").asText()).isEqualTo(run.issueId());
    assertThat(context.at("/commentCursor/totalComments").asInt()).isEqualTo(1);
    assertThat(context.at("/commentCursor/latestCommentId").asText()).isEqualTo(commentId);
    assertThat(context.at("/wakeComment/id").asText()).isEqualTo(commentId);
    assertThat(context.path("ancestors").isArray()).isTrue();
  }
}
