package io.heartbeat4j.embedded.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ContractServerExtension.class)
final class InteractionContractTest {

  private static final Map<String, Object> CONFIRMATION = Map.of(
      "kind", "request_confirmation",
      "idempotencyKey", "c1",
      "continuationPolicy", "wake_assignee",
      "payload", Map.of("version", 1, "prompt", "Ship it?"));

  private static final Map<String, Object> QUESTION = Map.of(
      "kind", "ask_user_questions",
      "continuationPolicy", "wake_assignee",
      "payload",
      Map.of(
          "version", 1,
          "questions",
          List.of(
              Map.of(
                  "id", "q1", "prompt", "Which?", "selectionMode", "single",
                  "options", List.of(Map.of("id", "r", "label", "Red"), Map.of("id", "b", "label", "Blue"))))));

  @Test
  void a_card_is_pending_and_the_same_key_gives_the_same_card(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");

    JsonNode card = run.client().post(run.issuePath() + "/interactions", CONFIRMATION).expectStatus(201);
    JsonNode again = run.client().post(run.issuePath() + "/interactions", CONFIRMATION).expectStatus(201);

    assertThat(again.path("id")).isEqualTo(card.path("id"));
    assertThat(card.path("status").asText()).isEqualTo("pending");
    assertThat(card.path("sourceRunId").asText()).isEqualTo(run.id());
    assertThat(card.path("createdByAgentId").asText()).isEqualTo(run.agent().id);
    assertThat(card.at("/payload/supersedeOnUserComment").asBoolean()).isTrue();
    assertThat(run.client().get(run.issuePath() + "/interactions").values("id"))
        .containsExactly(card.path("id").asText());
  }

  @Test
  void a_blocked_issue_waits_for_the_card_and_goes_on_when_it_is_accepted(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    String card = card(run, CONFIRMATION);
    run.patch(run.issueId(), Map.of("status", "blocked", "comment", "retry?")).expectStatus(200);
    run.endProcess();

    JsonNode accepted = answer(testCompany, run, card, "accept", Map.of()).expectStatus(200);
    assertThat(accepted.path("status").asText()).isEqualTo("accepted");
    assertThat(accepted.at("/result/outcome").asText()).isEqualTo("accepted");

    LiveRun next = wren.awaitRun();
    JsonNode context = next.context();
    assertThat(next.wakeReason()).isEqualTo("issue_commented");
    assertThat(context.path("interactionId").asText()).isEqualTo(card);
    assertThat(context.path("interactionKind").asText()).isEqualTo("request_confirmation");
    assertThat(context.path("interactionStatus").asText()).isEqualTo("accepted");
    assertThat(context.has("wakeCommentId")).isFalse();
    assertThat(context.at("/executionContinuation/interactionOutcomes/0/status").asText()).isEqualTo("accepted");
    assertThat(testCompany.read(run.issueId()).path("checkoutRunId").asText()).isEqualTo(next.id());
  }

  @Test
  void a_rejected_card_brings_an_issue_in_review_back(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    String card = card(run, CONFIRMATION);
    run.patch(run.issueId(), Map.of("status", "in_review", "comment", "ready")).expectStatus(200);
    run.endProcess();

    JsonNode rejected = answer(testCompany, run, card, "reject", Map.of("reason", "not yet")).expectStatus(200);
    assertThat(rejected.at("/result/reason").asText()).isEqualTo("not yet");

    LiveRun next = wren.awaitRun();
    assertThat(next.context().path("interactionStatus").asText()).isEqualTo("rejected");
    assertThat(testCompany.status(run.issueId())).isEqualTo("in_progress");
  }

  @Test
  void answers_come_with_the_wake(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    String card = card(run, QUESTION);
    run.patch(run.issueId(), Map.of("status", "in_review", "comment", "asking")).expectStatus(200);
    run.endProcess();

    Map<String, Object> answers = Map.of("answers", List.of(Map.of("questionId", "q1", "optionIds", List.of("r"))));
    assertThat(answer(testCompany, run, card, "respond", answers).expectStatus(200).path("status").asText())
        .isEqualTo("answered");

    LiveRun next = wren.awaitRun();
    assertThat(next.wakeReason()).isEqualTo("issue_commented");
    assertThat(next.context().path("interactionStatus").asText()).isEqualTo("answered");
    assertThat(next.context().at("/executionContinuation/interactionOutcomes/0/result/answers/0/optionIds/0").asText())
        .isEqualTo("r");
  }

  @Test
  void a_card_is_answered_once(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");
    String card = card(run, CONFIRMATION);
    answer(testCompany, run, card, "accept", Map.of()).expectStatus(200);

    TestResponse again = answer(testCompany, run, card, "accept", Map.of());

    again.expectStatus(409);
    assertThat(again.text("/code")).isEqualTo("interaction_already_resolved");
  }

  @Test
  void a_persons_comment_takes_the_place_of_the_card(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    String card = card(run, CONFIRMATION);
    run.patch(run.issueId(), Map.of("status", "in_review", "comment", "ready")).expectStatus(200);
    run.endProcess();

    testCompany.board.post(run.issuePath() + "/comments", Map.of("body", "never mind")).expectStatus(201);

    JsonNode expired = run.client().get(run.issuePath() + "/interactions").body().get(0);
    assertThat(expired.path("status").asText()).isEqualTo("expired");
    assertThat(expired.at("/result/outcome").asText()).isEqualTo("superseded_by_comment");
    LiveRun next = wren.awaitRun();
    assertThat(next.wakeReason()).isEqualTo("issue_commented");
    assertThat(testCompany.status(run.issueId())).isEqualTo("in_review");
    assertThat(answer(testCompany, run, card, "accept", Map.of()).text("/code")).isEqualTo("interaction_superseded");
  }

  @Test
  void a_review_that_nobody_makes_any_more_wakes_the_assignee_once(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    card(run, CONFIRMATION);
    run.patch(run.issueId(), Map.of("status", "in_review", "comment", "ready")).expectStatus(200);
    run.endProcess();
    testCompany.board.post(run.issuePath() + "/comments", Map.of("body", "never mind")).expectStatus(201);
    wren.awaitRun().endProcess();

    LiveRun lost = wren.awaitRun();
    assertThat(lost.wakeReason()).isEqualTo("issue_review_path_lost");
    lost.endProcess();

    wren.awaitUnscopedRun();
    assertThat(wren.wakeReasons()).containsExactly("issue_assigned", "issue_commented", "issue_review_path_lost", "");
  }

  private static String card(LiveRun run, Map<String, Object> body) {
    return run.client().post(run.issuePath() + "/interactions", body).expectStatus(201).path("id").asText();
  }

  private static TestResponse answer(TestCompany testCompany, LiveRun run, String card, String act,
      Map<String, ?> body) {
    return testCompany.board.post(run.issuePath() + "/interactions/" + card + "/" + act, body);
  }
}
