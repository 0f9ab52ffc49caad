package io.heartbeat4j.embedded.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ContractServerExtension.class)
final class ApprovalContractTest {

  @Test
  void an_agent_asks_reads_and_comments_but_does_not_decide(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");
    JsonNode approval = ask(run);
    String path = "/api/approvals/" + approval.path("id").asText();

    assertThat(approval.path("status").asText()).isEqualTo("pending");
    assertThat(approval.path("requestedByAgentId").asText()).isEqualTo(run.agent().id);
    assertThat(run.client().get(path).expectStatus(200).path("id")).isEqualTo(approval.path("id"));
    JsonNode linked = run.client().get(path + "/issues").expectStatus(200).get(0);
    assertThat(linked.path("id").asText()).isEqualTo(run.issueId());
    assertThat(linked.has("checkoutRunId")).isFalse();
    assertThat(run.client().post(path + "/comments", Map.of("body", "note")).expectStatus(201).path("body").asText())
        .isEqualTo("note");
    assertThat(run.client().post(path + "/approve", Map.of()).expectError(403)).isEqualTo("Board access required");
    assertThat(run.client().get("/api/approvals/" + UUID.randomUUID()).expectError(404))
        .isEqualTo("Approval not found");
  }

  @Test
  void an_approved_one_wakes_who_asked(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    String approval = ask(run).path("id").asText();
    run.patch(run.issueId(), Map.of("status", "in_review", "comment", "waiting")).expectStatus(200);
    run.endProcess();

    JsonNode decided = testCompany.board.post("/api/approvals/" + approval + "/approve", Map.of("decisionNote", "ok"))
        .expectStatus(200);
    assertThat(decided.path("status").asText()).isEqualTo("approved");
    assertThat(decided.path("decisionNote").asText()).isEqualTo("ok");

    LiveRun next = wren.awaitRun();
    JsonNode context = next.context();
    assertThat(next.wakeReason()).isEqualTo("approval_approved");
    assertThat(context.path("approvalId").asText()).isEqualTo(approval);
    assertThat(context.path("approvalStatus").asText()).isEqualTo("approved");
    assertThat(context.at("/issueIds/0").asText()).isEqualTo(run.issueId());
    assertThat(context.path("issueId").asText()).isEqualTo(run.issueId());
  }

  @Test
  void a_rejected_one_wakes_where_it_was_the_last_way_out_of_review(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    String approval = ask(run).path("id").asText();
    run.patch(run.issueId(), Map.of("status", "in_review", "comment", "waiting")).expectStatus(200);
    run.endProcess();

    testCompany.board.post("/api/approvals/" + approval + "/reject", Map.of("decisionNote", "no")).expectStatus(200);

    LiveRun next = wren.awaitRun();
    assertThat(next.wakeReason()).isEqualTo("approval_rejected");
    assertThat(next.context().path("reviewPathLost").asBoolean()).isTrue();
    assertThat(next.context().has("issueIds")).isFalse();
    assertThat(testCompany.status(run.issueId())).isEqualTo("in_review");
    assertThat(next.context().at("/paperclipWake/checkedOutByHarness").asBoolean()).isFalse();
  }

  @Test
  void a_request_for_revision_wakes_nobody_and_is_answered_by_resubmitting(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    String path = "/api/approvals/" + ask(run).path("id").asText();
    run.patch(run.issueId(), Map.of("status", "in_review", "comment", "waiting")).expectStatus(200);
    run.endProcess();

    assertThat(testCompany.board.post(path + "/request-revision", Map.of("decisionNote", "more")).expectStatus(200)
        .path("status").asText())
        .isEqualTo("revision_requested");

    wren.awaitUnscopedRun();
    assertThat(wren.wakeReasons()).containsExactly("issue_assigned", "");
    assertThat(wren.keyClient().post(path + "/resubmit", Map.of("payload", Map.of("title", "y"))).expectStatus(200)
        .path("status").asText())
        .isEqualTo("pending");
  }

  private static JsonNode ask(LiveRun run) {
    return run.client()
        .post(
            "/api/companies/" + run.agent().testCompany.companyId + "/approvals",
            Map.of(
                "type", "request_board_approval",
                "issueIds", List.of(run.issueId()),
                "payload", Map.of("title", "Spend", "summary", "$42")))
        .expectStatus(201);
  }
}
