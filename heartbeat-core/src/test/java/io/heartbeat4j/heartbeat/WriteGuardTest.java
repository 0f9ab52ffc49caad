package io.heartbeat4j.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.client.Unauthorized;
import io.heartbeat4j.embedded.FaultRuleBuilder;
import io.heartbeat4j.heartbeat.memory.AgentMemory;
import io.heartbeat4j.heartbeat.outcome.HeartbeatException;
import io.heartbeat4j.heartbeat.policy.HeartbeatLimits;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.storage.FaultyStorage;
import io.heartbeat4j.worker.Delegation;
import io.heartbeat4j.worker.UnblockCondition;
import io.heartbeat4j.worker.WorkResult;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What stops a heartbeat from doing harm: to the board's name, to somebody else's issue, to itself. */
class WriteGuardTest {

  private final String serverDate = DateTimeFormatter.RFC_1123_DATE_TIME
      .format(ZonedDateTime.now(ZoneOffset.UTC));

  private final HeartbeatFixture fixture = new HeartbeatFixture(HeartbeatFixture.withoutReminders());

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void a_token_that_has_expired_by_this_machines_clock_only_is_used() {
    fixture.restart(HeartbeatLimits.DEFAULT, Clock.offset(Clock.systemUTC(), Duration.ofDays(365)));
    String agent = fixture.agent("Wren", context -> new WorkResult.Done("Done."));
    fixture.server.faults().addRule(FaultRuleBuilder.on("GET", "/api/agents/me").once().respondAfterProcessing(200,
        Map.of("Date", serverDate), HeartbeatFixture.await(fixture.embeddedBoard.readAgent(agent)).toString()));

    fixture.assigned("In time", agent);

    assertThat(fixture.nextOutcome().summary()).endsWith("is done");
    assertThat(fixture.events).filteredOn(event -> event.message().contains("clock"))
        .singleElement().satisfies(event -> assertThat(event.message())
            .containsPattern("36[45] d .* ahead of the server's").contains("set it"));
  }

  @Test
  void a_token_that_the_server_refuses_ends_the_heartbeat_and_the_clocks_are_compared() {
    fixture.restart(HeartbeatLimits.DEFAULT, Clock.offset(Clock.systemUTC(), Duration.ofDays(-2)));
    String agent = fixture.agent("Wren", context -> new WorkResult.Done("never"));
    fixture.server.faults().addRule(FaultRuleBuilder.on("GET", "/api/.*").respondWith(401,
        Map.of("Date", serverDate), "{\"error\":\"Unauthorized\"}"));

    fixture.assigned("Late", agent);

    assertThat(fixture.next().failure()).isInstanceOf(Unauthorized.class);
    assertThat(fixture.events).filteredOn(event -> event.message().contains("clock"))
        .singleElement().satisfies(event -> assertThat(event.message()).contains("behind the server's"));
  }

  @Test
  void clocks_that_agree_are_not_spoken_of() {
    String agent = fixture.agent("Wren", context -> new WorkResult.Done("Done."));
    fixture.server.faults().addRule(FaultRuleBuilder.on("GET", "/api/agents/me").once().respondAfterProcessing(200,
        Map.of("Date", serverDate), HeartbeatFixture.await(fixture.embeddedBoard.readAgent(agent)).toString()));

    fixture.assigned("In time", agent);

    assertThat(fixture.nextOutcome().summary()).endsWith("is done");
    assertThat(fixture.events).noneMatch(event -> event.message().contains("clock"));
  }

  @Test
  void a_comment_that_comes_back_as_somebody_elses_stops_all_writing_of_the_run() {
    fixture.server.faults()
        .addRule(FaultRuleBuilder.on("POST", "/api/issues/[^/]+/comments").once().respondAfterProcessing(201, Map.of(),
            "{\"id\":\"" + UUID.randomUUID()
                + "\",\"body\":\"I begin.\",\"authorType\":\"user\",\"authorUserId\":\"local-board\","
                + "\"createdAt\":\"2026-01-01T00:00:00.000Z\"}"));
    String agent = fixture.agent("Wren", context -> {
      context.actions().comment("I begin.");
      return new WorkResult.Done("Done.");
    });

    String issue = fixture.assigned("Speak", agent);

    assertThat(fixture.next().failure()).isInstanceOfSatisfying(HeartbeatException.class,
        failure -> assertThat(failure.kind()).isEqualTo(HeartbeatException.Kind.NOT_ALLOWED));
    assertThat(fixture.requests("PATCH", ".*")).isEmpty();
    assertThat(fixture.requests("POST", ".*/interactions")).isEmpty();
    assertThat(fixture.status(issue)).isEqualTo("in_progress");
  }

  @Test
  void an_older_issue_of_the_same_name_is_not_taken_for_the_subtask_if_somebody_else_made_it() {
    String report = fixture.agent("Wren", context -> new WorkResult.Done("Done."));
    HeartbeatFixture.await(fixture.embeddedBoard.pauseAgent(report));
    String manager = fixture.agent("Cora",
        context -> new WorkResult.Blocked("Wren does it.", new UnblockCondition.BySubtasks(),
            List.of(Delegation.to(AgentId.of(report), "The part", "All of it."))));
    String parent = fixture.issue("The whole", Map.of("status", "backlog", "goalId", fixture.goal));
    String namesake = fixture.issue("the  PART", Map.of("parentId", parent, "goalId", fixture.goal));

    HeartbeatFixture
        .await(fixture.embeddedBoard.updateIssue(parent, Map.of("status", "todo", "assigneeAgentId", manager)));

    assertThat(fixture.nextOutcome().summary()).endsWith("is blocked");
    assertThat(fixture.children(parent)).hasSize(2).filteredOn(child -> !HeartbeatFixture.id(child).equals(namesake))
        .singleElement().satisfies(child -> {
          assertThat(child.path("assigneeAgentId").asText()).isEqualTo(report);
          assertThat(child.path("createdByAgentId").asText()).isEqualTo(manager);
        });
    assertThat(fixture.requests("POST", "/api/companies/[^/]+/issues")).hasSize(2).satisfiesExactly(
        first -> assertThat(first.body()).doesNotContain("allowDuplicate"),
        second -> assertThat(second.body()).contains("\"allowDuplicate\":true").contains("idempotencyKey"));
    assertThat(fixture.read(parent).path("blockedBy")).singleElement()
        .satisfies(blocker -> assertThat(HeartbeatFixture.id(blocker)).isNotEqualTo(namesake));
  }

  @Test
  void a_disk_that_can_not_be_written_costs_the_journal_and_not_the_heartbeat() {
    FaultyStorage disk = new FaultyStorage();
    disk.unwritable = true;
    fixture.memory = (url, company, agent) -> new AgentMemory(disk, fixture.state, fixture.warnings::add);
    String agent = fixture.agent("Wren", context -> new WorkResult.Done("Done."));

    String issue = fixture.assigned("Work", agent);

    assertThat(fixture.nextOutcome().summary()).endsWith("is done");
    assertThat(fixture.agentComments(issue)).containsExactly("Done.");
    assertThat(fixture.warnings).singleElement().asString().contains("HEARTBEAT_STATE_DIR");
  }
}
