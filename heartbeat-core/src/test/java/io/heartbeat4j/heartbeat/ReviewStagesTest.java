package io.heartbeat4j.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heartbeat4j.embedded.FaultRuleBuilder;
import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.heartbeat4j.heartbeat.outcome.HeartbeatOutcome;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.worker.Question;
import io.heartbeat4j.worker.ReviewPath;
import io.heartbeat4j.worker.Trigger;
import io.heartbeat4j.worker.UnblockCondition;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.Worker;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Issues with stages of review: a status says something else there, and only the one who is asked has a say. */
class ReviewStagesTest {

  private final HeartbeatFixture fixture = new HeartbeatFixture(HeartbeatFixture.withoutReminders());
  private final List<Trigger> executorSaw = new CopyOnWriteArrayList<>();
  private final List<WorkContext> reviewerSaw = new CopyOnWriteArrayList<>();
  private final List<HeartbeatOutcome> asked = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void work_goes_to_the_reviewer_back_for_changes_and_is_done_when_it_is_approved() {
    String reviewer = reviewing(new WorkResult.ChangesRequested("Add a test."), new WorkResult.Done("Good."));
    String issue = staged(executing(new WorkResult.Done("Built."), new WorkResult.Done("Tested.")), reviewer);

    assertThat(summaries(4)).containsExactly("is in_review", "is in_progress", "is in_review", "is done");

    assertThat(fixture.status(issue)).isEqualTo("done");
    assertThat(fixture.agentComments(issue)).containsExactly("Built.", "Add a test.", "Tested.", "Good.");
    assertThat(reviewerSaw).extracting(context -> context.thread().trigger())
        .allSatisfy(trigger -> assertThat(trigger).isInstanceOf(Trigger.ReviewRequested.class));
    assertThat(executorSaw).hasSize(2);
    assertThat(executorSaw.get(1)).isInstanceOfSatisfying(
        Trigger.Commented.class, commented -> assertThat(commented.latest().body()).isEqualTo("Add a test."));
    assertThat(fixture.server.requests().all()).filteredOn(request -> request.status() >= 400).isEmpty();
  }

  @Test
  void a_process_is_told_before_each_write_that_ends_its_run() {
    String reviewer = reviewing(new WorkResult.ChangesRequested("Add a test."), new WorkResult.Done("Good."));
    staged(executing(new WorkResult.Done("Built."), new WorkResult.Done("Tested.")), reviewer);

    summaries(4);

    assertThat(fixture.events).filteredOn(event -> event.kind() == HeartbeatEvent.Kind.HANDING_OVER)
        .extracting(HeartbeatEvent::message)
        .containsExactly(
            "to whoever reviews it; this ends the run", "back to the one who works it; this ends the run",
            "to whoever reviews it; this ends the run");
  }

  @Test
  void a_reviewer_that_fails_says_no_verdict_but_asks_and_goes_on_after_a_yes() {
    Deque<WorkResult> results = new ArrayDeque<>(List.of(new WorkResult.Done("Good.")));
    String reviewer = fixture.agent("Rhea", context -> {
      reviewerSaw.add(context);
      if (reviewerSaw.size() == 1) {
        throw new IllegalStateException("no model");
      }
      return results.remove();
    });
    String issue = staged(executing(new WorkResult.Done("Built.")), reviewer);

    assertThat(summaries(2)).containsExactly("is in_review", "is in_review");
    JsonNode card = fixture.cards(issue).get(0);
    HeartbeatFixture.await(fixture.embeddedBoard.acceptInteraction(issue, HeartbeatFixture.id(card)));

    assertThat(summaries(1)).containsExactly("is done");
    assertThat(executorSaw).hasSize(1);
    assertThat(reviewerSaw.get(1).review()).isPresent();
  }

  @Test
  void a_blocked_reviewer_stays_the_one_who_is_asked() {
    String blocker = fixture.issue("The tool", Map.of("status", "backlog"));
    String reviewer = reviewing(
        new WorkResult.Blocked("No tool.", new UnblockCondition.ByIssues(
            List.of(IssueId.of(blocker)))),
        new WorkResult.Done("Good."));
    String issue = staged(executing(new WorkResult.Done("Built.")), reviewer);
    assertThat(summaries(2)).containsExactly("is in_review", "is in_review");

    HeartbeatFixture.await(fixture.embeddedBoard.updateIssue(blocker, Map.of("status", "done")));

    assertThat(summaries(1)).containsExactly("is done");
    assertThat(executorSaw).hasSize(1);
    assertThat(fixture.status(issue)).isEqualTo("done");
  }

  @Test
  void a_question_of_the_executor_is_asked_before_anybody_reviews() {
    String issue = staged(
        executing(
            new WorkResult.NeedsReview("Which?", new ReviewPath.Card(new Question.Confirmation("The left?"))),
            new WorkResult.Done("Built.")),
        reviewing(new WorkResult.Done("Good.")));
    assertThat(summaries(1)).containsExactly("is blocked");

    HeartbeatFixture
        .await(fixture.embeddedBoard.acceptInteraction(issue, HeartbeatFixture.id(fixture.cards(issue).get(0))));

    assertThat(summaries(2)).containsExactly("is in_review", "is done");
  }

  @Test
  void an_executor_that_comes_back_later_keeps_the_issue_until_then() {
    String issue = staged(
        executing(new WorkResult.Later(Instant.now().plusSeconds(3600), "The build runs.")), reviewing());

    assertThat(summaries(1)).containsExactly("is in_progress");

    JsonNode left = fixture.read(issue);
    assertThat(left.path("monitorNextCheckAt").isTextual()).isTrue();
    assertThat(left.at("/executionState/status").asText()).isNotEqualTo("pending");
    assertThat(left.at("/executionPolicy/stages")).hasSize(1);
  }

  @Test
  void a_question_after_its_blockers_are_done_is_not_followed_by_wake_after_wake() {
    String manager = fixture.agent("Cora", context -> new WorkResult.Done("Helped."));
    Deque<WorkResult> results = new ArrayDeque<>(List.of(
        new WorkResult.Blocked("Stuck.", new UnblockCondition.ByManager("Help with it", "Please.")),
        new WorkResult.NeedsReview("Look at it.", new ReviewPath.Card(new Question.Confirmation("Is it right?")))));
    String issue = staged(fixture.agent("Wren", context -> results.remove(), manager),
        reviewing(new WorkResult.Done("Good.")));

    fixture.awaitIdle();

    assertThat(results).isEmpty();
    assertThat(fixture.status(issue)).isEqualTo("blocked");
    assertThat(fixture.requests("PATCH", "/api/issues/" + issue)).hasSize(2);
  }

  @Test
  void changes_can_only_be_asked_for_in_a_review() {
    String agent = executing(new WorkResult.ChangesRequested("Do it better."));

    fixture.assigned("Mine", agent);

    assertThat(summaries(1)).containsExactly("is blocked");
  }

  @Test
  void a_wake_that_asks_somebody_else_for_the_review_takes_nothing() {
    String executor = executing(new WorkResult.Done("Built."));
    fixture.server.setWakeHandler(executor, wake -> {
      ObjectNode context = wake.context();
      context.withObject("/paperclipWake/executionStage").put("wakeRole", "reviewer")
          .putObject("currentParticipant").put("type", "agent").put("agentId", fixture.company);
      ObjectNode run = context.objectNode().put("id", wake.runId()).put("companyId", wake.companyId())
          .put("agentId", wake.agentId()).put("status", "running");
      run.set("contextSnapshot", context);
      fixture.server.faults().addRule(
          FaultRuleBuilder.on("GET", "/api/heartbeat-runs/[^/]+").once().respondWith(200, Map.of(), run.toString()));
      return fixture.beat(executor, wake.environment()).onSuccess(asked::add).map(0);
    });

    String issue = fixture.issue("Build it", Map.of("status", "in_review", "assigneeAgentId", executor));
    HeartbeatFixture.await(fixture.embeddedBoard.wakeAgent(executor, "execution_review_requested", issue));
    fixture.awaitEndedRuns(executor, 1);

    assertThat(asked).singleElement().isInstanceOf(HeartbeatOutcome.Idle.class);
    assertThat(fixture.events)
        .anySatisfy(event -> assertThat(event.message()).isEqualTo("somebody else is asked for its review"));
    assertThat(executorSaw).isEmpty();
    assertThat(fixture.requests("PATCH", "/api/issues/" + issue)).isEmpty();
  }

  private String executing(WorkResult... results) {
    Deque<WorkResult> left = new ArrayDeque<>(List.of(results));
    return fixture.agent("Wren", context -> {
      executorSaw.add(context.thread().trigger());
      return left.remove();
    });
  }

  private String reviewing(WorkResult... results) {
    Deque<WorkResult> left = new ArrayDeque<>(List.of(results));
    Worker worker = context -> {
      reviewerSaw.add(context);
      assertThat(context.review()).isPresent();
      return left.remove();
    };
    return fixture.agent("Rhea", worker);
  }

  private String staged(String executor, String reviewer) {
    return fixture.issue("Build it", Map.of("status", "todo", "assigneeAgentId", executor, "executionPolicy", Map.of(
        "stages", List.of(Map.of(
            "type", "review", "participants", List.of(Map.of("type", "agent", "agentId", reviewer)))))));
  }

  private List<String> summaries(int heartbeats) {
    return IntStream.range(0, heartbeats)
        .mapToObj(each -> fixture.nextOutcome().summary())
        .map(summary -> summary.substring(summary.indexOf(' ') + 1))
        .toList();
  }
}
