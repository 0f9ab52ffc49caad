package io.heartbeat4j.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.embedded.RecordedRequest;
import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.heartbeat4j.heartbeat.event.Step;
import io.heartbeat4j.heartbeat.policy.HeartbeatLimits;
import io.heartbeat4j.worker.Question;
import io.heartbeat4j.worker.UnblockCondition;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.Worker;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An agent that is woken again and again without news spends no work on it, and says nothing new. */
class LoopBreakerTest {

  private static final String PATCH_PATH = "/api/issues/[^/]+";

  private final HeartbeatFixture fixture = new HeartbeatFixture();
  private final AtomicInteger worked = new AtomicInteger();

  @AfterEach
  void close() {
    fixture.close();
  }

  private Worker asks() {
    return context -> {
      worked.incrementAndGet();
      return new WorkResult.Blocked("The left or the right?",
          new UnblockCondition.ByQuestion(new Question.Confirmation("The left?")));
    };
  }

  private void wake(String agent, String issue) {
    HeartbeatFixture.await(fixture.embeddedBoard.wakeAgent(agent, "issue_unblock_requested", issue));
  }

  private List<RecordedRequest> updates() {
    return fixture.requests("PATCH", PATCH_PATH);
  }

  private void assertRestsOnItsCard(String issue) {
    assertThat(fixture.status(issue)).isEqualTo("blocked");
    assertThat(fixture.agentComments(issue)).hasSize(1);
    assertThat(fixture.cards(issue)).singleElement()
        .satisfies(card -> assertThat(card.path("status").asText()).isEqualTo("pending"));
    assertThat(worked).hasValue(1);
  }

  @Test
  void an_issue_that_waits_for_an_answer_is_put_back_by_one_update_without_a_comment_though_the_harness_had_taken_it() {
    String agent = fixture.agent("Wren", asks());
    String issue = fixture.assigned("Choose", agent);
    fixture.nextOutcome();

    wake(agent, issue);

    assertThat(fixture.nextOutcome().summary()).endsWith("is blocked");
    assertRestsOnItsCard(issue);
    assertThat(updates()).hasSize(2);
    assertThat(updates().get(1).body()).contains("\"status\":\"blocked\"").doesNotContain("comment");
    assertThat(fixture.requests("POST", ".*/interactions")).hasSize(1);
  }

  @Test
  void what_was_left_is_known_to_the_next_process() {
    String agent = fixture.agent("Wren", asks());
    String issue = fixture.assigned("Choose", agent);
    fixture.nextOutcome();

    for (int i = 0; i < 2; i++) {
      fixture.restart();
      wake(agent, issue);
      fixture.nextOutcome();
    }

    assertRestsOnItsCard(issue);
  }

  @Test
  void the_timeline_says_why_nothing_was_worked() {
    String agent = fixture.agent("Wren", asks());
    String issue = fixture.assigned("Choose", agent);
    fixture.nextOutcome();

    wake(agent, issue);
    fixture.nextOutcome();

    assertThat(fixture.events).anySatisfy(event -> {
      assertThat(event.step()).isEqualTo(Step.DO_THE_WORK);
      assertThat(event.kind()).isEqualTo(HeartbeatEvent.Kind.SKIPPED);
      assertThat(event.message()).contains("nothing new from others");
    });
  }

  @Test
  void the_agents_own_comments_are_no_news() {
    String agent = fixture.agent("Wren", context -> {
      context.actions().comment("I begin.");
      return asks().perform(context);
    });
    String issue = fixture.assigned("Choose", agent);
    fixture.nextOutcome();

    wake(agent, issue);
    fixture.nextOutcome();

    assertThat(worked).hasValue(1);
    assertThat(fixture.agentComments(issue)).hasSize(2);
  }

  @Test
  void a_persons_comment_is_news() {
    String agent = fixture.agent("Wren", asks());
    String issue = fixture.assigned("Choose", agent);
    fixture.nextOutcome();

    HeartbeatFixture.await(fixture.embeddedBoard.addComment(issue, "The right one."));
    fixture.nextOutcome();

    assertThat(worked).hasValue(2);
    assertThat(fixture.agentComments(issue)).hasSize(2);
  }

  @Test
  void an_agent_that_wakes_itself_reaches_its_worker_so_often_and_no_more_and_then_somebody_is_asked() {
    fixture.restart(new HeartbeatLimits(2, Duration.ofHours(1), Duration.ZERO, 100, Duration.ZERO), Clock.systemUTC());
    String agent = fixture.agent("Wren", context -> {
      worked.incrementAndGet();
      return new WorkResult.Blocked("Not yet.", new UnblockCondition.BySelf("Look again."));
    });

    String issue = fixture.assigned("Wait for nothing", agent);
    fixture.awaitIdle();

    assertThat(worked).hasValue(3); // the first time, and twice without news
    assertThat(fixture.status(issue)).isEqualTo("blocked");
    assertThat(fixture.cards(issue)).hasSize(1);
    assertThat(fixture.agentComments(issue)).hasSize(3);
  }

  @Test
  void the_ping_pong_with_a_manager_who_closes_every_task_ends_after_few_runs() {
    String manager = fixture.agent("Cora", context -> new WorkResult.Done("Closed."));
    String agent = fixture.agent("Wren", context -> {
      worked.incrementAndGet();
      return new WorkResult.Blocked("I have no access.",
          new UnblockCondition.ByManager("Grant Wren access", "To the database."));
    }, manager);

    String issue = fixture.assigned("Query", agent);
    fixture.awaitIdle();

    // Wren, Cora, and Wren for each of the two wakes that a closed task brings
    List<JsonNode> runs = HeartbeatFixture.list(
        HeartbeatFixture.await(fixture.embeddedBoard.read("/api/companies/" + fixture.company + "/heartbeat-runs")));
    assertThat(runs.size()).isBetween(3, 4);
    assertThat(worked.get()).isLessThanOrEqualTo(2);
    assertThat(fixture.children(issue)).hasSize(1);
    assertThat(fixture.cards(issue)).hasSize(1);
    assertThat(fixture.status(issue)).isEqualTo("blocked");
  }
}
