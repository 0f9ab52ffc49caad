package io.heartbeat4j.embedded.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ContractServerExtension.class)
final class CommentContractTest {

  @Test
  void comments_come_newest_first_unless_asked_otherwise(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");
    List<String> ids = comments(run, "one", "two", "three");
    String path = run.issuePath() + "/comments";

    assertThat(run.client().get(path).values("id")).containsExactly(ids.get(2), ids.get(1), ids.get(0));
    assertThat(run.client().get(path + "?order=asc").values("id")).isEqualTo(ids);
    assertThat(run.client().get(path + "?order=asc&limit=2").values("id")).isEqualTo(ids.subList(0, 2));
    assertThat(run.client().get(path + "?order=sideways&limit=many").expectStatus(200)).hasSize(3);
  }

  @Test
  void the_anchor_comes_back_with_what_is_newer_but_not_with_what_is_older(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");
    List<String> ids = comments(run, "one", "two", "three");
    String path = run.issuePath() + "/comments?after=" + ids.get(1);

    assertThat(run.client().get(path + "&order=asc").values("id")).containsExactly(ids.get(1), ids.get(2));
    assertThat(run.client().get(path + "&order=desc").values("id")).containsExactly(ids.get(0));
  }

  @Test
  void an_unknown_anchor_gives_nothing(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");
    comments(run, "one");
    String path = run.issuePath() + "/comments?order=asc&after=";

    assertThat(run.client().get(path + "zzz").expectStatus(200)).isEmpty();
    assertThat(run.client().get(path + UUID.randomUUID()).expectStatus(200)).isEmpty();
  }

  @Test
  void the_same_words_in_the_same_run_are_one_comment(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");
    String path = run.issuePath() + "/comments";

    JsonNode first = run.comment(run.issueId(), "once").expectStatus(201);
    assertThat(run.comment(run.issueId(), "once").expectStatus(201).path("id")).isEqualTo(first.path("id"));
    assertThat(run.patch(run.issueId(), Map.of("comment", "once")).expectStatus(200).at("/comment/id"))
        .isEqualTo(first.path("id"));

    assertThat(run.client().get(path).body()).hasSize(1);
    assertThat(run.client().get(path).body().at("/0/clientRequestId").isNull()).isTrue();
  }

  @Test
  void a_client_request_id_counts_for_people_only(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");
    String path = run.issuePath() + "/comments";
    String id = UUID.randomUUID().toString();

    run.client().post(path, Map.of("body", "one", "clientRequestId", id)).expectStatus(201);
    run.client().post(path, Map.of("body", "two", "clientRequestId", id)).expectStatus(201);
    JsonNode first = testCompany.board.post(path, Map.of("body", "three", "clientRequestId", id)).expectStatus(201);
    JsonNode again = testCompany.board.post(path, Map.of("body", "three", "clientRequestId", id)).expectStatus(201);

    assertThat(again.path("id")).isEqualTo(first.path("id"));
    assertThat(run.client().get(path).body()).hasSize(3);
    assertThat(testCompany.board.post(path, Map.of("body", "four", "clientRequestId", id)).expectError(409))
        .isEqualTo("Message request ID was already used for different content");
  }

  @Test
  void one_comment_is_read_by_its_id_and_names_author_and_run(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");
    String id = comments(run, "one").get(0);

    JsonNode comment = run.client().get(run.issuePath() + "/comments/" + id).expectStatus(200);

    assertThat(comment.path("body").asText()).isEqualTo("one");
    assertThat(comment.path("authorType").asText()).isEqualTo("agent");
    assertThat(comment.path("authorAgentId").asText()).isEqualTo(run.agent().id);
    assertThat(comment.path("createdByRunId").asText()).isEqualTo(run.id());
    assertThat(comment.at("/metadata/authorizationReason").asText()).isEqualTo("allow_self");
  }

  @Test
  void a_comment_needs_a_body(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");
    String path = run.issuePath() + "/comments";

    TestResponse empty = run.client().post(path, Map.of("body", ""));
    empty.expectStatus(400);
    assertThat(empty.text("/details/0/code")).isEqualTo("too_small");
    TestResponse missing = run.client().post(path, Map.of());
    missing.expectStatus(400);
    assertThat(missing.text("/details/0/code")).isEqualTo("invalid_type");
  }

  @Test
  void a_peers_locked_issue_may_be_commented_and_wakes_the_peer_afterwards(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun owner = wren.awaitRunFor("Build it");
    LiveRun other = testCompany.createAgent("Pia").awaitRunFor("Test it");

    JsonNode comment = other.comment(owner.issueId(), "have you seen this?").expectStatus(201);
    assertThat(comment.at("/metadata/authorizationReason").asText()).isEqualTo("allow_visible_issue_write");
    owner.patch(owner.issueId(), Map.of("status", "todo", "comment", "pausing")).expectStatus(200);
    owner.endProcess();

    LiveRun next = wren.awaitRun();
    assertThat(next.wakeReason()).isEqualTo("issue_commented");
    assertThat(next.context().path("wakeCommentId")).isEqualTo(comment.path("id"));
  }

  @Test
  void a_comment_of_the_board_on_a_done_issue_reopens_it(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    run.patch(run.issueId(), Map.of("status", "done", "comment", "built")).expectStatus(200);
    run.endProcess();

    testCompany.board.post(run.issuePath() + "/comments", Map.of("body", "not quite")).expectStatus(201);

    LiveRun next = wren.awaitRun();
    assertThat(next.wakeReason()).isEqualTo("issue_reopened_via_comment");
    assertThat(next.context().path("reopenedFrom").asText()).isEqualTo("done");
    assertThat(next.context().at("/paperclipWake/comments/0/body").asText()).isEqualTo("not quite");
    assertThat(testCompany.status(run.issueId())).isEqualTo("in_progress");
  }

  @Test
  void the_assignees_own_comment_on_a_done_issue_changes_nothing(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    run.patch(run.issueId(), Map.of("status", "done", "comment", "built")).expectStatus(200);

    run.comment(run.issueId(), "and thanks").expectStatus(201);
    run.patch(run.issueId(), Map.of("comment", "again")).expectStatus(200);
    run.endProcess();

    assertThat(testCompany.status(run.issueId())).isEqualTo("done");
    assertThat(wren.runs()).hasSize(1);
  }

  @Test
  void a_structured_mention_wakes_and_a_bare_one_does_not(TestCompany testCompany) {
    TestAgent pia = testCompany.createAgent("Pia");
    String issue = testCompany.createIssueId("Host", Map.of());

    testCompany.board.post("/api/issues/" + issue + "/comments", Map.of("body", "@Pia look")).expectStatus(201);
    JsonNode mention = testCompany.board
        .post("/api/issues/" + issue + "/comments", Map.of("body", "[@Pia](agent://" + pia.id + ") look"))
        .expectStatus(201);

    LiveRun run = pia.awaitRun();
    assertThat(run.wakeReason()).isEqualTo("issue_comment_mentioned");
    assertThat(run.context().path("wakeCommentId")).isEqualTo(mention.path("id"));
    assertThat(run.context().at("/paperclipWake/checkedOutByHarness").asBoolean()).isFalse();
    assertThat(run.context().at("/paperclipWake/comments/0/body").asText()).contains("look");
    assertThat(pia.runs()).hasSize(1);
    run.comment(issue, "looked").expectStatus(201);
  }

  @Test
  void a_mention_on_an_issue_in_work_waits_until_that_run_is_over(TestCompany testCompany) {
    TestAgent pia = testCompany.createAgent("Pia");
    LiveRun owner = testCompany.createAgent("Wren").awaitRunFor("Build it");

    owner.patch(owner.issueId(), Map.of("status", "done", "comment", "[@Pia](agent://" + pia.id + ") please test"))
        .expectStatus(200);
    assertThat(pia.runs()).isEmpty();
    owner.endProcess();

    assertThat(pia.awaitRun().wakeReason()).isEqualTo("issue_comment_mentioned");
  }

  private static List<String> comments(LiveRun run, String... bodies) {
    return java.util.Arrays.stream(bodies)
        .map(body -> run.comment(run.issueId(), body).expectStatus(201).path("id").asText())
        .toList();
  }
}
