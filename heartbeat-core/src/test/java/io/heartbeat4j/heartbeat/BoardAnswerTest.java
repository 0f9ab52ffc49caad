package io.heartbeat4j.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.heartbeat4j.embedded.RecordedRequest;
import io.heartbeat4j.worker.Trigger;
import io.heartbeat4j.worker.WorkResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the board answers, and what follows from it: a no to trying again, and a yes to many issues at once. */
class BoardAnswerTest {

  private final HeartbeatFixture fixture = new HeartbeatFixture();
  private final List<Trigger> triggers = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    fixture.close();
  }

  /** An agent whose first try fails, with the issue that it failed on. */
  private String failedOnce() {
    String agent = fixture.agent("Wren", context -> {
      triggers.add(context.thread().trigger());
      if (triggers.size() == 1) {
        throw new IllegalStateException("no disk space");
      }
      return new WorkResult.Done("Done after all.");
    });
    String issue = fixture.assigned("Try", agent);
    fixture.nextOutcome();
    return issue;
  }

  private String pendingCard(String issue) {
    return HeartbeatFixture.id(fixture.cards(issue).stream()
        .filter(card -> card.path("status").asText().equals("pending")).findFirst().orElseThrow());
  }

  @Test
  void a_rejected_retry_card_runs_no_work_and_says_what_comes_next() {
    String issue = failedOnce();

    HeartbeatFixture.await(fixture.embeddedBoard.rejectInteraction(issue, pendingCard(issue), "Buy a disk first"));

    assertThat(fixture.nextOutcome().summary()).endsWith("is blocked");
    assertThat(triggers).hasSize(1);
    assertThat(fixture.status(issue)).isEqualTo("blocked");
    assertThat(fixture.agentComments(issue)).hasSize(2).last().asString()
        .contains("Not tried again").contains("> Buy a disk first").contains("comment with what to change");
    assertThat(fixture.cards(issue)).extracting(card -> card.path("status").asText())
        .containsExactlyInAnyOrder("rejected", "pending");
  }

  @Test
  void a_second_no_wakes_nobody_and_the_issue_stays_at_rest() {
    String issue = failedOnce();
    HeartbeatFixture.await(fixture.embeddedBoard.rejectInteraction(issue, pendingCard(issue), "No"));
    fixture.nextOutcome();

    HeartbeatFixture.await(fixture.embeddedBoard.rejectInteraction(issue, pendingCard(issue), "Still no"));

    List<JsonNode> live = HeartbeatFixture
        .list(
            HeartbeatFixture.await(fixture.embeddedBoard.read("/api/companies/" + fixture.company + "/heartbeat-runs")))
        .stream().filter(run -> List.of("queued", "running").contains(run.path("status").asText())).toList();
    assertThat(live).isEmpty();
    assertThat(triggers).hasSize(1);
    assertThat(fixture.status(issue)).isEqualTo("blocked");
    assertThat(fixture.agentComments(issue)).hasSize(2);
  }

  @Test
  void a_comment_after_the_no_takes_the_issue_up_with_the_comment_as_the_trigger() {
    String issue = failedOnce();
    HeartbeatFixture.await(fixture.embeddedBoard.rejectInteraction(issue, pendingCard(issue), "Not like that"));
    fixture.nextOutcome();

    HeartbeatFixture.await(fixture.embeddedBoard.addComment(issue, "Use the other disk."));

    assertThat(fixture.nextOutcome().summary()).endsWith("is done");
    assertThat(triggers.get(1)).isInstanceOfSatisfying(Trigger.Commented.class,
        commented -> assertThat(commented.latest().body()).isEqualTo("Use the other disk."));
  }

  @Test
  void a_yes_after_the_no_takes_the_issue_up() {
    String issue = failedOnce();
    HeartbeatFixture.await(fixture.embeddedBoard.rejectInteraction(issue, pendingCard(issue), ""));
    fixture.nextOutcome();

    HeartbeatFixture.await(fixture.embeddedBoard.acceptInteraction(issue, pendingCard(issue)));

    assertThat(fixture.nextOutcome().summary()).endsWith("is done");
    assertThat(fixture.status(issue)).isEqualTo("done");
  }

  @Test
  void an_approval_of_more_issues_than_one_run_may_write_to_is_followed_up_to_the_last() throws Exception {
    String agent = fixture.agent("Wren", context -> {
      triggers.add(context.thread().trigger());
      return new WorkResult.Done("Done.");
    });
    String other = fixture.agent("Pia", context -> new WorkResult.Done("never"));
    List<String> own = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      own.add(fixture.issue("Own " + i, Map.of("status", "backlog", "assigneeAgentId", agent)));
    }
    String others = fixture.issue("Pia's", Map.of("status", "backlog", "assigneeAgentId", other));
    HeartbeatFixture.await(fixture.embeddedBoard.pauseAgent(other));
    List<String> linked = new ArrayList<>(own);
    linked.add(others);
    JsonNode approval = HeartbeatFixture
        .await(fixture.embeddedBoard.request("POST", "/api/companies/" + fixture.company + "/approvals",
            new ObjectMapper().valueToTree(Map.of("type", "request_board_approval", "requestedByAgentId", agent,
                "issueIds", linked, "payload", Map.of("title", "All of it")))));

    HeartbeatFixture.await(fixture.embeddedBoard.decideApproval(HeartbeatFixture.id(approval), "approve", "Yes"));
    fixture.nextOutcome();
    fixture.nextOutcome();

    assertThat(own).allSatisfy(issue -> assertThat(fixture.status(issue)).isEqualTo("done"));
    assertThat(triggers).hasSize(12)
        .allSatisfy(trigger -> assertThat(trigger).isInstanceOf(Trigger.ApprovalDecided.class));
    assertThat(fixture.agentComments(others)).singleElement().asString().contains("The board decided \"All of it\"");
    assertThat(fixture.server.requests().withStatus(429)).isEmpty();
    assertThat(fixture.requests("PATCH", "/api/issues/.*").stream()
        .collect(Collectors.groupingBy(RecordedRequest::runId, Collectors.counting())).values())
        .containsExactlyInAnyOrder(10L, 2L);
  }
}
