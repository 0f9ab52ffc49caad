package io.heartbeat4j.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.embedded.EmbeddedOptions;
import io.heartbeat4j.embedded.RecordedRequest;
import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.heartbeat4j.heartbeat.outcome.HeartbeatOutcome;
import io.heartbeat4j.heartbeat.work.WorkLimits;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.UserId;
import io.heartbeat4j.worker.Delegation;
import io.heartbeat4j.worker.ProviderUsage;
import io.heartbeat4j.worker.Question;
import io.heartbeat4j.worker.ReviewPath;
import io.heartbeat4j.worker.ReviewPath.WhenApproved;
import io.heartbeat4j.worker.Trigger;
import io.heartbeat4j.worker.UnblockCondition;
import io.heartbeat4j.worker.WorkResult;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The nine steps against a server that keeps Paperclip's rules: what ends where, and with which requests. */
class HeartbeatTest {

  private final HeartbeatFixture fixture = new HeartbeatFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void an_assigned_issue_is_done_in_five_requests_with_the_run_on_every_write() {
    String agent = fixture.agent("Wren", context -> new WorkResult.Done("Said hello."));

    String issue = fixture.assigned("Say hello", agent);

    assertThat(fixture.nextOutcome().summary()).endsWith("is done");
    assertThat(fixture.status(issue)).isEqualTo("done");
    assertThat(fixture.agentComments(issue)).containsExactly("Said hello.");
    assertThat(fixture.server.requests().all()).extracting(request -> request.method() + " " + kind(request))
        .containsExactlyInAnyOrder(
            "GET me", "GET heartbeat-runs", "POST checkout", "GET heartbeat-context", "PATCH issues");
    assertThat(fixture.server.requests().all()).filteredOn(request -> !request.method().equals("GET"))
        .allSatisfy(request -> assertThat(request.runId()).isPresent());
  }

  @Test
  void a_heartbeat_with_nothing_assigned_is_idle_after_three_requests_and_calls_no_worker() {
    AtomicInteger calls = new AtomicInteger();
    String agent = fixture.agent("Wren", context -> {
      calls.incrementAndGet();
      return new WorkResult.Done("never");
    });

    HeartbeatFixture.await(fixture.embeddedBoard.invokeHeartbeat(agent));

    assertThat(fixture.nextOutcome()).isInstanceOf(HeartbeatOutcome.Idle.class);
    assertThat(fixture.server.requests().all()).hasSizeLessThanOrEqualTo(3)
        .allSatisfy(request -> assertThat(request.method()).isEqualTo("GET"));
    assertThat(calls).hasValue(0);
  }

  @Test
  void an_unscoped_run_asks_for_a_run_of_the_best_issue_and_writes_nothing_itself() {
    AtomicReference<String> worked = new AtomicReference<>();
    String agent = fixture.agent("Wren", context -> {
      worked.set(context.issue().title());
      return new WorkResult.Done("Done.");
    });
    HeartbeatFixture.await(fixture.embeddedBoard.pauseAgent(agent));
    fixture.issue("Later", Map.of("status", "todo", "assigneeAgentId", agent, "priority", "low"));
    String urgent = fixture.issue("Urgent", Map.of("status", "todo", "assigneeAgentId", agent, "priority", "critical"));
    HeartbeatFixture.await(fixture.embeddedBoard.resumeAgent(agent));

    HeartbeatFixture.await(fixture.embeddedBoard.invokeHeartbeat(agent));

    assertThat(fixture.nextOutcome()).isInstanceOfSatisfying(HeartbeatOutcome.RunRequested.class,
        summoned -> assertThat(summoned.issue().toString()).isEqualTo(urgent));
    assertThat(fixture.requests("POST", ".*/checkout")).isEmpty();
    assertThat(fixture.nextOutcome()).isInstanceOf(HeartbeatOutcome.Settled.class);
    assertThat(worked).hasValue("Urgent");
    assertThat(fixture.status(urgent)).isEqualTo("done");
  }

  @Test
  void a_server_without_scoped_runs_is_worked_from_the_inbox_straight_on() {
    try (HeartbeatFixture older = new HeartbeatFixture(
        EmbeddedOptions.defaults().withoutRunEndpoint().withoutScopeRule())) {
      String agent = older.agent("Wren", context -> new WorkResult.Done("Done."));
      HeartbeatFixture.await(older.embeddedBoard.pauseAgent(agent));
      String issue = older.assigned("Old times", agent);
      HeartbeatFixture.await(older.embeddedBoard.resumeAgent(agent));

      HeartbeatFixture.await(older.embeddedBoard.invokeHeartbeat(agent));

      assertThat(older.nextOutcome().summary()).endsWith("is done");
      assertThat(older.status(issue)).isEqualTo("done");
    }
  }

  @Test
  void an_issue_that_the_board_gives_away_before_the_checkout_is_asked_for_once_and_never_touched() {
    AtomicInteger calls = new AtomicInteger();
    String agent = fixture.agent("Wren", context -> {
      calls.incrementAndGet();
      return new WorkResult.Done("never");
    });
    String other = fixture.agent("Pia", context -> new WorkResult.Done("Pia did it."));
    HeartbeatFixture.await(fixture.embeddedBoard.pauseAgent(agent));
    String contested = fixture.assigned("Contested", agent);
    String blocker = fixture.issue("Blocker", Map.of("status", "backlog"));
    String blocked = fixture.issue("Blocked", Map.of(
        "status", "blocked", "assigneeAgentId", agent, "blockedByIssueIds", List.of(blocker)));
    HeartbeatFixture.await(fixture.embeddedBoard.resumeAgent(agent));
    fixture.server.faults().beforeRequest("POST", "/api/issues/" + contested + "/checkout",
        () -> fixture.embeddedBoard.updateIssue(contested, Map.of("assigneeAgentId", other)));

    HeartbeatFixture.await(fixture.embeddedBoard.addComment(blocked, "How far are you?"));

    List<HeartbeatFixture.Ended> both = List.of(fixture.next(), fixture.next());
    assertThat(both).filteredOn(end -> end.agent().equals(agent)).singleElement()
        .satisfies(end -> assertThat(end.outcome()).isInstanceOf(HeartbeatOutcome.Idle.class));
    assertThat(fixture.server.requests().withStatus(409)).hasSize(1);
    assertThat(fixture.requests("POST", "/api/issues/" + contested + "/checkout"))
        .filteredOn(request -> request.agentId().filter(agent::equals).isPresent()).hasSize(1);
    assertThat(fixture.requests("PATCH", "/api/issues/.*"))
        .filteredOn(request -> request.agentId().filter(agent::equals).isPresent()).isEmpty();
    assertThat(fixture.events).filteredOn(event -> event.kind() == HeartbeatEvent.Kind.CONFLICT).hasSize(1);
    assertThat(calls).hasValue(0);
    assertThat(fixture.agentComments(contested)).containsExactly("Pia did it.");
  }

  @Test
  void subtasks_have_parent_and_goal_and_block_the_parent_until_they_are_done() {
    AtomicReference<String> report = new AtomicReference<>("");
    String manager = fixture.agent("Cora", context -> context.thread().trigger() instanceof Trigger.Unblocked
        ? new WorkResult.Done("Both parts are there.")
        : new WorkResult.Blocked("Wren does the parts.", new UnblockCondition.BySubtasks(), List.of(
            Delegation.to(AgentId.of(String.valueOf(report.get())), "Part one", "First."),
            Delegation.to(AgentId.of(String.valueOf(report.get())), "Part two", "Second."))));
    report.set(fixture.agent("Wren", context -> new WorkResult.Done("Part done."), manager));

    String issue = fixture.assigned("The whole", manager);
    for (int beats = 0; beats < 4; beats++) {
      fixture.nextOutcome();
    }

    assertThat(fixture.status(issue)).isEqualTo("done");
    assertThat(fixture.children(issue)).hasSize(2).allSatisfy(child -> {
      assertThat(child.path("goalId").asText()).isEqualTo(fixture.goal);
      assertThat(child.path("status").asText()).isEqualTo("done");
    });
    assertThat(fixture.agentComments(issue).get(0)).contains("Part one").contains("Part two");
  }

  @Test
  void a_worker_that_throws_leaves_the_issue_blocked_with_one_card_and_no_stack_trace() {
    String agent = fixture.agent("Wren", context -> {
      throw new IllegalStateException("the compiler is missing");
    });

    String issue = fixture.assigned("Compile", agent);

    assertThat(fixture.nextOutcome().summary()).endsWith("is blocked");
    assertThat(fixture.agentComments(issue)).singleElement().asString()
        .contains("the compiler is missing").doesNotContain("IllegalStateException").doesNotContain("at io.");
    assertThat(fixture.cards(issue)).singleElement()
        .satisfies(card -> assertThat(card.path("status").asText()).isEqualTo("pending"));
  }

  @Test
  void an_accepted_retry_card_lets_the_worker_try_again_and_asks_only_once_more_if_it_fails() {
    AtomicInteger tries = new AtomicInteger();
    String agent = fixture.agent("Wren", context -> {
      if (tries.incrementAndGet() < 3) {
        throw new IllegalStateException("not yet");
      }
      return new WorkResult.Done("At last.");
    });
    String issue = fixture.assigned("Try", agent);
    fixture.nextOutcome();

    for (int i = 0; i < 2; i++) {
      JsonNode pending = fixture.cards(issue).stream()
          .filter(card -> card.path("status").asText().equals("pending")).findFirst().orElseThrow();
      HeartbeatFixture.await(fixture.embeddedBoard.acceptInteraction(issue, HeartbeatFixture.id(pending)));
      fixture.nextOutcome();
    }

    assertThat(fixture.status(issue)).isEqualTo("done");
    assertThat(fixture.cards(issue)).hasSize(2);
  }

  @Test
  void a_worker_that_cannot_be_had_is_told_to_the_server_instead_of_failing_the_process() {
    String agent = fixture.agent("Wren", context -> new WorkResult.Done("never"));
    fixture.work(agent, () -> {
      throw new io.heartbeat4j.worker.SettingsException("worker.settings.comand is not a setting");
    });

    String issue = fixture.assigned("Anything", agent);

    assertThat(fixture.nextOutcome().summary()).endsWith("is blocked");
    assertThat(fixture.agentComments(issue)).singleElement().asString()
        .contains("worker.settings.comand is not a setting");
  }

  @Test
  void a_result_that_is_not_for_a_held_issue_is_never_taken_for_done() {
    String agent = fixture.agent("Wren", context -> new WorkResult.Reply("I think so"));

    String issue = fixture.assigned("Decide", agent);

    assertThat(fixture.nextOutcome().summary()).endsWith("is blocked");
    assertThat(fixture.status(issue)).isEqualTo("blocked");
  }

  @Test
  void an_out_of_memory_error_in_the_worker_ends_in_a_disposition() {
    String agent = fixture.agent("Wren", context -> {
      throw new OutOfMemoryError("made by a test");
    });

    String issue = fixture.assigned("Fill the heap", agent);

    assertThat(fixture.nextOutcome().summary()).endsWith("is blocked");
    assertThat(fixture.agentComments(issue)).singleElement().asString().contains("OutOfMemoryError");
  }

  @Test
  void a_worker_that_ignores_its_time_limit_is_left_behind() {
    fixture.limits = new WorkLimits(Duration.ofMillis(200), Duration.ZERO, Duration.ofMillis(100));
    String agent = fixture.agent("Wren", context -> {
      while (true) {
        try {
          Thread.sleep(Duration.ofDays(1));
        } catch (InterruptedException ignored) {
          // a worker that does not listen
        }
      }
    });

    String issue = fixture.assigned("Wait", agent);

    assertThat(fixture.nextOutcome().summary()).endsWith("is blocked");
    assertThat(fixture.agentComments(issue)).singleElement().asString().contains("took longer than");
  }

  @Test
  void a_silent_worker_is_stopped_though_its_time_is_not_up() {
    fixture.limits = new WorkLimits(Duration.ofMinutes(5), Duration.ofMillis(200), Duration.ofMillis(100));
    String agent = fixture.agent("Wren", context -> {
      Thread.sleep(Duration.ofDays(1));
      return new WorkResult.Done("never");
    });

    String issue = fixture.assigned("Wait", agent);

    assertThat(fixture.nextOutcome().summary()).endsWith("is blocked");
    assertThat(fixture.agentComments(issue)).singleElement().asString().contains("no sign of life");
  }

  @Test
  void a_cancelled_heartbeat_stops_the_worker_and_settles() {
    String agent = fixture.agent("Wren", context -> {
      fixture.cancel("the run was stopped");
      Thread.sleep(Duration.ofDays(1));
      return new WorkResult.Done("never");
    });

    String issue = fixture.assigned("Long work", agent);

    assertThat(fixture.nextOutcome().summary()).endsWith("is blocked");
    assertThat(fixture.agentComments(issue)).singleElement().asString().contains("the run was stopped");
  }

  @Test
  void work_that_is_put_off_comes_back_by_the_servers_monitor_at_its_time() {
    AtomicInteger tries = new AtomicInteger();
    String agent = fixture.agent("Wren", context -> tries.incrementAndGet() == 1
        ? new WorkResult.Later(Instant.now().plusSeconds(3600), "The quota is used up until later.")
        : new WorkResult.Done("Done now."));

    String issue = fixture.assigned("Ask the model", agent);

    assertThat(fixture.nextOutcome().summary()).endsWith("is in_review");
    assertThat(Instant.parse(fixture.read(issue).path("monitorNextCheckAt").asText()))
        .isAfter(Instant.now().plusSeconds(3000));
  }

  @Test
  void work_that_is_put_off_beyond_the_servers_calendar_comes_back_within_a_year_and_a_day() {
    String agent = fixture.agent("Wren", context -> new WorkResult.Later(Instant.MAX, "Never."));

    String issue = fixture.assigned("Procrastinate", agent);

    assertThat(fixture.nextOutcome().summary()).endsWith("is in_review");
    assertThat(Instant.parse(fixture.read(issue).path("monitorNextCheckAt").asText()))
        .isBetween(Instant.now().plus(Duration.ofDays(365)), Instant.now().plus(Duration.ofDays(366)));
  }

  @Test
  void a_task_for_the_manager_is_made_once_and_then_the_board_is_asked_so_that_nothing_goes_round_in_circles() {
    AtomicInteger workerRuns = new AtomicInteger();
    String manager = fixture.agent("Cora", context -> new WorkResult.Done("I have looked at it."));
    String agent = fixture.agent("Wren", context -> {
      workerRuns.incrementAndGet();
      return new WorkResult.Blocked("I have no access.",
          new UnblockCondition.ByManager("Grant Wren access", "To the database."));
    }, manager);

    String issue = fixture.assigned("Query", agent);
    fixture.awaitIdle(); // Wren asks Cora, Cora closes the task, Wren is woken and still has no access

    assertThat(fixture.children(issue)).hasSize(1);
    assertThat(fixture.cards(issue)).singleElement()
        .satisfies(card -> assertThat(card.path("status").asText()).isEqualTo("pending"));
    assertThat(fixture.status(issue)).isEqualTo("blocked");
    assertThat(workerRuns.get()).isBetween(2, 3);
  }

  @Test
  void without_a_manager_the_board_is_asked_on_a_card() {
    String agent = fixture.agent("Cora",
        context -> new WorkResult.Blocked("No budget.", new UnblockCondition.ByManager("Raise the budget", "By ten.")));

    String issue = fixture.assigned("Spend", agent);

    assertThat(fixture.nextOutcome().summary()).endsWith("is blocked");
    assertThat(fixture.cards(issue)).hasSize(1);
    assertThat(fixture.children(issue)).isEmpty();
  }

  @Test
  void a_question_puts_the_issue_in_review_and_its_answer_is_the_next_trigger() {
    AtomicReference<Trigger> second = new AtomicReference<>();
    String agent = fixture.agent("Wren", context -> {
      if (context.thread().trigger() instanceof Trigger.InteractionAnswered) {
        second.set(context.thread().trigger());
        return new WorkResult.Done("Shipped.");
      }
      return new WorkResult.NeedsReview("Ready to ship.", new ReviewPath.Card(new Question.Confirmation("Ship it?")));
    });
    String issue = fixture.assigned("Ship", agent);
    assertThat(fixture.nextOutcome().summary()).endsWith("is in_review");

    HeartbeatFixture
        .await(fixture.embeddedBoard.acceptInteraction(issue, HeartbeatFixture.id(fixture.cards(issue).get(0))));

    assertThat(fixture.nextOutcome().summary()).endsWith("is done");
    assertThat(second.get()).isInstanceOfSatisfying(Trigger.InteractionAnswered.class,
        interactionAnswered -> {
          assertThat(interactionAnswered.isAccepted()).isTrue();
          assertThat(interactionAnswered.words()).isEqualTo("Ship it?\n-> accepted");
        });
  }

  @Test
  void an_approval_that_leaves_work_to_do_is_worked_with_the_decision_as_the_trigger() {
    String agent = fixture.agent("Wren",
        context -> context.thread().trigger() instanceof Trigger.ApprovalDecided approvalDecided
            ? new WorkResult.Done("Bought it: " + approvalDecided.note().orElseThrow())
            : new WorkResult.NeedsReview("May I?", new ReviewPath.BoardApproval("Spend", "42", WhenApproved.CONTINUE)));
    String issue = fixture.assigned("Buy", agent);
    fixture.nextOutcome();

    decide("approve", "within budget");

    assertThat(fixture.nextOutcome().summary()).endsWith("is done");
    assertThat(fixture.agentComments(issue)).containsExactly("May I?", "Bought it: within budget");
  }

  @Test
  void an_approval_that_was_all_the_issue_waited_for_closes_it_without_work() {
    AtomicInteger calls = new AtomicInteger();
    String agent = fixture.agent("Wren", context -> {
      calls.incrementAndGet();
      return new WorkResult.NeedsReview("May I?", new ReviewPath.BoardApproval("Spend", "42", WhenApproved.CLOSE));
    });
    String issue = fixture.assigned("Buy", agent);
    fixture.nextOutcome();

    decide("approve", "yes");

    assertThat(fixture.nextOutcome().summary()).endsWith("is done");
    assertThat(fixture.status(issue)).isEqualTo("done");
    assertThat(calls).hasValue(1);
  }

  @Test
  void a_rejected_approval_keeps_the_issue_open_with_a_reason_and_a_card() {
    String agent = fixture.agent("Wren", context -> new WorkResult.NeedsReview("May I?",
        new ReviewPath.BoardApproval("Spend", "42", WhenApproved.CLOSE)));
    String issue = fixture.assigned("Buy", agent);
    fixture.nextOutcome();

    decide("reject", "too dear");

    assertThat(fixture.nextOutcome().summary()).endsWith("is blocked");
    assertThat(fixture.agentComments(issue).get(1)).contains("rejected").contains("too dear");
    assertThat(fixture.cards(issue)).hasSize(1);
  }

  private void decide(String decision, String note) {
    JsonNode approval = HeartbeatFixture.list(HeartbeatFixture.await(fixture.embeddedBoard.approvals(fixture.company)))
        .get(0);
    HeartbeatFixture.await(fixture.embeddedBoard.decideApproval(HeartbeatFixture.id(approval), decision, note));
  }

  @Test
  void a_mention_on_somebody_elses_issue_is_read_first_and_gets_one_reply() {
    AtomicReference<Boolean> readOnly = new AtomicReference<>();
    String agent = fixture.agent("Wren", context -> {
      readOnly.set(context.isReadOnly());
      return new WorkResult.Reply("Use a queue.");
    });
    String owner = fixture.agent("Pia", context -> new WorkResult.Done("never"));
    String issue = fixture.issue("Pia's", Map.of("status", "backlog", "assigneeAgentId", owner));
    HeartbeatFixture.await(fixture.embeddedBoard.pauseAgent(owner));

    HeartbeatFixture
        .await(fixture.embeddedBoard.addComment(issue, "[@Wren](agent://" + agent + ") it is yours now, take it"));

    assertThat(fixture.nextOutcome().summary()).startsWith("a comment on");
    assertThat(readOnly).hasValue(true);
    assertThat(fixture.agentComments(issue)).containsExactly("Use a queue.");
    assertThat(fixture.requests("POST", ".*/checkout")).isEmpty();
    assertThat(fixture.read(issue).path("assigneeAgentId").asText()).isEqualTo(owner);
  }

  @Test
  void a_mention_on_an_unassigned_issue_is_taken() {
    String agent = fixture.agent("Wren", context -> new WorkResult.Done("Took it."));
    String issue = fixture.issue("Nobody's", Map.of("status", "backlog"));

    HeartbeatFixture.await(fixture.embeddedBoard.addComment(issue, "[@Wren](agent://" + agent + ") could you?"));

    assertThat(fixture.nextOutcome().summary()).endsWith("is done");
    assertThat(fixture.read(issue).path("assigneeAgentId").asText()).isEqualTo(agent);
  }

  @Test
  void what_the_work_used_is_added_up_and_told_once_after_the_status() {
    String agent = fixture.agent("Wren", context -> {
      for (int i = 0; i < 3; i++) {
        context.usage().report(new ProviderUsage("anthropic", "claude", 100, 10, 20, new BigDecimal("0.004")));
      }
      return new WorkResult.Done("Done.");
    });

    fixture.assigned("Think", agent);
    fixture.nextOutcome();

    List<RecordedRequest> all = fixture.server.requests().all();
    RecordedRequest cost = all.get(all.size() - 1);
    assertThat(cost.path()).endsWith("/cost-events");
    assertThat(cost.body()).contains("\"inputTokens\":300").contains("\"costCents\":1");
    assertThat(fixture.requests("POST", ".*/cost-events")).hasSize(1);
  }

  @Test
  void who_pays_for_it_is_told_to_the_server() {
    String agent = fixture.agent("Wren", context -> {
      context.usage().report(
          new ProviderUsage("anthropic", "claude", 1, 0, 1, BigDecimal.ONE, ProviderUsage.Billing.SUBSCRIPTION));
      context.usage()
          .report(new ProviderUsage("openai", "gpt", 1, 0, 1, BigDecimal.ONE, ProviderUsage.Billing.METERED));
      context
          .usage()
          .report(new ProviderUsage("openai", "codex", 1, 0, 1, BigDecimal.ZERO, ProviderUsage.Billing.UNPRICED));
      context.usage().report(new ProviderUsage("acme", "m1", 1, 0, 1, BigDecimal.ZERO));
      return new WorkResult.Done("Done.");
    });

    fixture.assigned("Think", agent);
    fixture.nextOutcome();

    List<String> costs = fixture.requests("POST", ".*/cost-events").stream().map(RecordedRequest::body).toList();
    assertThat(costs).hasSize(4);
    assertThat(costs.get(0)).contains("\"billingType\":\"subscription_included\"").doesNotContain("costStatus");
    assertThat(costs.get(1)).contains("\"billingType\":\"metered_api\"").doesNotContain("costStatus");
    assertThat(costs.get(2)).contains("\"costStatus\":\"unpriced\"").doesNotContain("billingType");
    assertThat(costs.get(3)).doesNotContain("billingType").doesNotContain("costStatus");
  }

  @Test
  void a_handover_to_a_person_is_the_very_last_write_and_comes_after_the_cost() {
    String agent = fixture.agent("Wren", context -> {
      context.usage().report(new ProviderUsage("anthropic", "claude", 1, 0, 1, BigDecimal.ONE));
      return new WorkResult.NeedsReview("Over to you.", new ReviewPath.Person(new UserId("local-board")));
    });

    String issue = fixture.assigned("Sign", agent);
    fixture.next();

    List<RecordedRequest> all = fixture.server.requests().all();
    assertThat(all.get(all.size() - 1).method()).isEqualTo("PATCH");
    assertThat(fixture.requests("POST", ".*/cost-events")).hasSize(1);
    assertThat(fixture.read(issue).path("assigneeUserId").asText()).isEqualTo("local-board");
    assertThat(fixture.status(issue)).isEqualTo("in_review");
  }

  private static String kind(RecordedRequest request) {
    List<String> segments = List.of(request.path().split("/"));
    String last = segments.get(segments.size() - 1);
    return last.length() == 36 ? segments.get(segments.size() - 2) : last;
  }
}
