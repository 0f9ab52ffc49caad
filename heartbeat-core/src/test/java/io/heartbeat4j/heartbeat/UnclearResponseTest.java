package io.heartbeat4j.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.embedded.FaultRuleBuilder;
import io.heartbeat4j.heartbeat.outcome.HeartbeatException;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.worker.Delegation;
import io.heartbeat4j.worker.ProviderUsage;
import io.heartbeat4j.worker.UnblockCondition;
import io.heartbeat4j.worker.WorkResult;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens when the network or the server misbehaves: the work is never done or told twice. */
class UnclearResponseTest {

  private static final String PATCH_PATH = "/api/issues/[^/]+";

  private final HeartbeatFixture fixture = new HeartbeatFixture();
  private final AtomicInteger worked = new AtomicInteger();

  @AfterEach
  void close() {
    fixture.close();
  }

  private String done(String name) {
    return fixture.agent(name, context -> {
      worked.incrementAndGet();
      return new WorkResult.Done("Done once.");
    });
  }

  @Test
  void a_lost_answer_to_the_update_is_read_back_and_not_sent_again() {
    fixture.server.faults().addRule(FaultRuleBuilder.on("PATCH", PATCH_PATH).once().dropResponse());

    String issue = fixture.assigned("Work", done("Wren"));

    assertThat(fixture.nextOutcome().summary()).endsWith("is done");
    assertThat(fixture.agentComments(issue)).containsExactly("Done once.");
    assertThat(fixture.requests("PATCH", PATCH_PATH)).hasSize(1);
    assertThat(worked).hasValue(1);
  }

  @Test
  void an_update_that_never_arrived_is_sent_a_second_time() {
    fixture.server.faults().addRule(FaultRuleBuilder.on("PATCH", PATCH_PATH).once().dropRequest());

    String issue = fixture.assigned("Work", done("Wren"));

    assertThat(fixture.nextOutcome().summary()).endsWith("is done");
    assertThat(fixture.agentComments(issue)).containsExactly("Done once.");
    assertThat(worked).hasValue(1);
  }

  @Test
  void a_500_behind_which_the_update_was_stored_leaves_one_comment() {
    fixture.server.faults().addRule(FaultRuleBuilder.on("PATCH", PATCH_PATH).once().internalErrorAfterProcessing());

    String issue = fixture.assigned("Work", done("Wren"));

    assertThat(fixture.nextOutcome().summary()).endsWith("is done");
    assertThat(fixture.agentComments(issue)).containsExactly("Done once.");
  }

  @Test
  void a_page_instead_of_the_echo_is_no_confirmation_and_is_read_back() {
    fixture.server.faults().addRule(FaultRuleBuilder.on("PATCH", PATCH_PATH).once().htmlPage());

    String issue = fixture.assigned("Work", done("Wren"));

    assertThat(fixture.nextOutcome().summary()).endsWith("is done");
    assertThat(fixture.agentComments(issue)).containsExactly("Done once.");
  }

  @Test
  void there_is_no_third_attempt_and_the_process_says_that_the_server_does_not_know() {
    fixture.server.faults().addRule(FaultRuleBuilder.on("PATCH", PATCH_PATH).times(9).dropRequest());

    fixture.assigned("Work", done("Wren"));

    assertThat(fixture.next().failure()).isInstanceOfSatisfying(HeartbeatException.class,
        failure -> assertThat(failure.kind()).isEqualTo(HeartbeatException.Kind.NOT_SETTLED));
    assertThat(fixture.requests("PATCH", PATCH_PATH).size()).isLessThanOrEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lose", "500"})
  void a_subtask_whose_answer_is_lost_exists_once(String fault) {
    AtomicReference<String> report = new AtomicReference<>("");
    String manager = fixture.agent("Cora",
        context -> new WorkResult.Blocked("Wren does it.", new UnblockCondition.BySubtasks(),
            List.of(Delegation.to(AgentId.of(String.valueOf(report.get())), "The part", "All of it."))));
    report.set(fixture.agent("Wren", context -> new WorkResult.Done("Done."), manager));
    String issue = fixture.issue("The whole", Map.of("status", "backlog", "goalId", fixture.goal));
    FaultRuleBuilder creates = FaultRuleBuilder.on("POST", "/api/companies/[^/]+/issues").byAgent(manager).once();
    fixture.server.faults()
        .addRule(fault.equals("lose") ? creates.dropResponse() : creates.internalErrorAfterProcessing());

    HeartbeatFixture
        .await(fixture.embeddedBoard.updateIssue(issue, Map.of("status", "todo", "assigneeAgentId", manager)));
    fixture.nextOutcome();

    assertThat(fixture.children(issue)).hasSize(1);
  }

  @Test
  void a_cost_is_never_told_twice_whatever_became_of_the_first_time() {
    fixture.server.faults().addRule(FaultRuleBuilder.on("POST", ".*/cost-events").once().dropResponse());
    String agent = fixture.agent("Wren", context -> {
      context.usage().report(new ProviderUsage("anthropic", "claude", 1, 0, 1, BigDecimal.ONE));
      return new WorkResult.Done("Done.");
    });

    fixture.assigned("Think", agent);

    assertThat(fixture.nextOutcome().summary()).endsWith("is done");
    assertThat(fixture.requests("POST", ".*/cost-events")).hasSize(1);
  }

  @Test
  void a_read_that_fails_for_a_while_is_asked_again() {
    fixture.server.faults().addRule(FaultRuleBuilder.on("GET", "/api/agents/me").times(2).unavailable());
    fixture.server.faults().addRule(FaultRuleBuilder.on("GET", ".*/heartbeat-context").once().dropRequest());

    String issue = fixture.assigned("Work", done("Wren"));

    assertThat(fixture.nextOutcome().summary()).endsWith("is done");
    assertThat(fixture.status(issue)).isEqualTo("done");
  }

  @Test
  void a_context_that_cannot_be_read_is_told_to_the_held_issue() {
    fixture.server.faults().addRule(FaultRuleBuilder.on("GET", ".*/heartbeat-context").times(9).htmlPage());

    String issue = fixture.assigned("Work", done("Wren"));

    assertThat(fixture.nextOutcome().summary()).endsWith("is blocked");
    assertThat(fixture.status(issue)).isEqualTo("blocked");
    assertThat(worked).hasValue(0);
  }

  @Test
  void an_issue_that_is_taken_away_in_mid_work_gets_the_result_as_a_comment_and_no_second_update() {
    String agent = fixture.agent("Wren", context -> new WorkResult.Done("My findings."));
    fixture.server.faults()
        .addRule(FaultRuleBuilder.on("PATCH", PATCH_PATH).byAgent(agent).once().respondWith(409, Map.of(),
            "{\"error\":\"Issue run ownership conflict\",\"details\":{}}"));
    fixture.server.faults()
        .addRule(FaultRuleBuilder.on("GET", PATCH_PATH).byAgent(agent).once().respondWith(404, Map.of(),
            "{\"error\":\"Issue not found\"}"));

    String issue = fixture.assigned("Contested", agent);

    assertThat(fixture.nextOutcome().summary()).contains("was taken away");
    assertThat(fixture.requests("PATCH", PATCH_PATH)).filteredOn(request -> request.agentId().isPresent()).hasSize(1);
    assertThat(fixture.agentComments(issue)).singleElement().asString().contains("My findings.");
  }

  @Test
  void a_409_that_the_server_does_not_stand_by_is_not_asked_again_and_stays_in_the_journal() {
    fixture.server.faults().addRule(FaultRuleBuilder.on("PATCH", PATCH_PATH).once().respondWith(409, Map.of(),
        "{\"error\":\"Issue run ownership conflict\",\"details\":{}}"));

    fixture.assigned("Work", done("Wren"));

    assertThat(fixture.next().failure()).isInstanceOfSatisfying(HeartbeatException.class,
        failure -> assertThat(failure.kind()).isEqualTo(HeartbeatException.Kind.NOT_SETTLED));
    assertThat(fixture.requests("PATCH", PATCH_PATH)).hasSize(1);
    assertThat(fixture.logFiles()).hasSize(1);
  }

  @Test
  void a_409_that_says_nothing_stays_in_the_journal_where_the_issue_cannot_be_read() {
    String agent = done("Wren");
    fixture.server.faults()
        .addRule(FaultRuleBuilder.on("PATCH", PATCH_PATH).byAgent(agent).once().respondWith(409, Map.of(),
            "{\"error\":\"Issue run ownership conflict\",\"details\":{}}"));
    fixture.server.faults().addRule(FaultRuleBuilder.on("GET", PATCH_PATH).byAgent(agent).once().respondWith(422,
        Map.of(), "{\"error\":\"Not now\"}"));

    String issue = fixture.assigned("Work", agent);

    assertThat(fixture.next().failure()).isInstanceOfSatisfying(HeartbeatException.class,
        failure -> assertThat(failure.kind()).isEqualTo(HeartbeatException.Kind.NOT_SETTLED));
    assertThat(fixture.agentComments(issue)).isEmpty();
    assertThat(fixture.logFiles()).hasSize(1);
  }
}
