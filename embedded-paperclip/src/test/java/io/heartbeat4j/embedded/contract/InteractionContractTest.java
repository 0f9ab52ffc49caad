package io.heartbeat4j.embedded.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ContractServer.class)
final class InteractionContractTest {

  private static final Map<String, Object> CONFIRMATION =
      Map.of(
          "kind", "request_confirmation",
          "idempotencyKey", "c1",
          "continuationPolicy", "wake_assignee",
          "payload", Map.of("version", 1, "prompt", "Ship it?"));

  private static final Map<String, Object> QUESTION =
      Map.of(
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
  void a_card_is_pending_and_the_same_key_gives_the_same_card(Workplace work) {
    LiveRun run = work.agent("Wren").awaitRunFor("Build it");

    JsonNode card = run.api().post(run.issuePath() + "/interactions", CONFIRMATION).expect(201);
    JsonNode again = run.api().post(run.issuePath() + "/interactions", CONFIRMATION).expect(201);

    assertThat(again.path("id")).isEqualTo(card.path("id"));
    assertThat(card.path("status").asText()).isEqualTo("pending");
    assertThat(card.path("sourceRunId").asText()).isEqualTo(run.id());
    assertThat(card.path("createdByAgentId").asText()).isEqualTo(run.agent().id);
    assertThat(card.at("/payload/supersedeOnUserComment").asBoolean()).isTrue();
    assertThat(run.api().get(run.issuePath() + "/interactions").column("id")).containsExactly(card.path("id").asText());
  }

  @Test
  void a_blocked_issue_waits_for_the_card_and_goes_on_when_it_is_accepted(Workplace work) {
    TestAgent wren = work.agent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    String card = card(run, CONFIRMATION);
    run.patch(run.issueId(), Map.of("status", "blocked", "comment", "retry?")).expect(200);
    run.end();

    JsonNode accepted = answer(work, run, card, "accept", Map.of()).expect(200);
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
    assertThat(work.read(run.issueId()).path("checkoutRunId").asText()).isEqualTo(next.id());
  }

  @Test
  void a_rejected_card_brings_an_issue_in_review_back(Workplace work) {
    TestAgent wren = work.agent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    String card = card(run, CONFIRMATION);
    run.patch(run.issueId(), Map.of("status", "in_review", "comment", "ready")).expect(200);
    run.end();

    JsonNode rejected = answer(work, run, card, "reject", Map.of("reason", "not yet")).expect(200);
    assertThat(rejected.at("/result/reason").asText()).isEqualTo("not yet");

    LiveRun next = wren.awaitRun();
    assertThat(next.context().path("interactionStatus").asText()).isEqualTo("rejected");
    assertThat(work.status(run.issueId())).isEqualTo("in_progress");
  }

  @Test
  void answers_come_with_the_wake(Workplace work) {
    TestAgent wren = work.agent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    String card = card(run, QUESTION);
    run.patch(run.issueId(), Map.of("status", "in_review", "comment", "asking")).expect(200);
    run.end();

    Map<String, Object> answers = Map.of("answers", List.of(Map.of("questionId", "q1", "optionIds", List.of("r"))));
    assertThat(answer(work, run, card, "respond", answers).expect(200).path("status").asText()).isEqualTo("answered");

    LiveRun next = wren.awaitRun();
    assertThat(next.wakeReason()).isEqualTo("issue_commented");
    assertThat(next.context().path("interactionStatus").asText()).isEqualTo("answered");
    assertThat(next.context().at("/executionContinuation/interactionOutcomes/0/result/answers/0/optionIds/0").asText())
        .isEqualTo("r");
  }

  @Test
  void a_card_is_answered_once(Workplace work) {
    LiveRun run = work.agent("Wren").awaitRunFor("Build it");
    String card = card(run, CONFIRMATION);
    answer(work, run, card, "accept", Map.of()).expect(200);

    Reply again = answer(work, run, card, "accept", Map.of());

    again.expect(409);
    assertThat(again.text("/code")).isEqualTo("interaction_already_resolved");
  }

  @Test
  void a_persons_comment_takes_the_place_of_the_card(Workplace work) {
    TestAgent wren = work.agent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    String card = card(run, CONFIRMATION);
    run.patch(run.issueId(), Map.of("status", "in_review", "comment", "ready")).expect(200);
    run.end();

    work.board.post(run.issuePath() + "/comments", Map.of("body", "never mind")).expect(201);

    JsonNode expired = run.api().get(run.issuePath() + "/interactions").body().get(0);
    assertThat(expired.path("status").asText()).isEqualTo("expired");
    assertThat(expired.at("/result/outcome").asText()).isEqualTo("superseded_by_comment");
    LiveRun next = wren.awaitRun();
    assertThat(next.wakeReason()).isEqualTo("issue_commented");
    assertThat(work.status(run.issueId())).isEqualTo("in_review");
    assertThat(answer(work, run, card, "accept", Map.of()).text("/code")).isEqualTo("interaction_superseded");
  }

  @Test
  void a_review_that_nobody_makes_any_more_wakes_the_assignee_once(Workplace work) {
    TestAgent wren = work.agent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    card(run, CONFIRMATION);
    run.patch(run.issueId(), Map.of("status", "in_review", "comment", "ready")).expect(200);
    run.end();
    work.board.post(run.issuePath() + "/comments", Map.of("body", "never mind")).expect(201);
    wren.awaitRun().end();

    LiveRun lost = wren.awaitRun();
    assertThat(lost.wakeReason()).isEqualTo("issue_review_path_lost");
    lost.end();

    wren.awaitUnscopedRun();
    assertThat(wren.wakeReasons()).containsExactly("issue_assigned", "issue_commented", "issue_review_path_lost", "");
  }

  private static String card(LiveRun run, Map<String, Object> body) {
    return run.api().post(run.issuePath() + "/interactions", body).expect(201).path("id").asText();
  }

  private static Reply answer(Workplace work, LiveRun run, String card, String act, Map<String, ?> body) {
    return work.board.post(run.issuePath() + "/interactions/" + card + "/" + act, body);
  }
}
