package io.heartbeat4j.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.embedded.FaultRuleBuilder;
import io.heartbeat4j.heartbeat.outcome.WorkOutcome;
import io.heartbeat4j.heartbeat.recovery.OfflineRecovery;
import io.heartbeat4j.heartbeat.recovery.RecoveryResult;
import io.heartbeat4j.heartbeat.wal.LogEntry;
import io.heartbeat4j.worker.WorkResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An agent's journal is settled with its key, in the first of the ways that the server leaves open. */
class OfflineRecoveryTest {

  private final HeartbeatFixture fixture = new HeartbeatFixture(
      HeartbeatFixture.withoutReminders().reconciliationDelay(Duration.ZERO));
  private final AtomicInteger worked = new AtomicInteger();
  private final String agent = fixture.agent("Wren", context -> {
    worked.incrementAndGet();
    return new WorkResult.Done("Worked anew.");
  });

  @AfterEach
  void close() {
    fixture.close();
  }

  /** An issue of which a run has decided and told nothing, when it ends as {@code exit} does. */
  private String decided(HeartbeatFixture place, String who, Future<Integer> exit) {
    Promise<String> noted = Promise.promise();
    place.server.setWakeHandler(who, wake -> {
      LogEntry entry = place.openLogEntry(wake);
      entry.recordOutcome(new WorkOutcome.Returned(new WorkResult.Done("What I found."), List.of()));
      entry.release();
      noted.complete(wake.runId());
      return exit;
    });
    String issue = place.assigned("Decided", who);
    HeartbeatFixture.await(noted.future());
    if (exit.isComplete()) {
      place.awaitEndedRuns(who, 1);
    }
    return issue;
  }

  private RecoveryResult settle() {
    List<OfflineRecovery.RecoveredIssue> all = fixture.settle(agent);
    assertThat(all).hasSize(1);
    return all.get(0).result();
  }

  private void assertTold(String issue) {
    assertThat(fixture.status(issue)).isEqualTo("done");
    assertThat(fixture.agentComments(issue)).containsExactly("What I found.");
    assertThat(worked).hasValue(0);
    assertThat(fixture.logFiles()).isEmpty();
  }

  @Test
  void a_run_that_still_lives_checks_out_and_writes_in_its_own_name() {
    String issue = decided(fixture, agent, Promise.<Integer>promise().future());

    assertThat(settle()).isInstanceOf(RecoveryResult.Settled.class);

    assertTold(issue);
    assertThat(fixture.requests("POST", ".*/checkout")).hasSize(1);
    assertThat(fixture.requests("POST", ".*/wakeup")).isEmpty();
  }

  @Test
  void after_the_run_the_server_is_asked_for_another_which_then_delivers() {
    String issue = decided(fixture, agent, Future.succeededFuture(0));
    fixture.wakeWith(agent, context -> {
      worked.incrementAndGet();
      return new WorkResult.Done("Worked anew.");
    });

    assertThat(settle()).isInstanceOf(RecoveryResult.RunRequested.class);
    assertThat(fixture.nextOutcome().summary()).endsWith("is done");

    assertTold(issue);
  }

  @Test
  void work_that_went_on_after_its_run_and_died_is_told_and_not_done_again() {
    fixture.server.setWakeHandler(agent, wake -> {
      LogEntry entry = fixture.openLogEntry(wake);
      entry.recordSending(LogEntry.WORK, null);
      entry.recordConfirmed(LogEntry.PARKED);
      entry.release();
      return fixture.embeddedBoard.updateIssue(wake.context().path("issueId").asText(), Map.of("status", "in_review",
          "executionPolicy", Map.of("monitor", Map.of("nextCheckAt", Instant.now().plusSeconds(3600).toString()))))
          .map(0);
    });
    String issue = fixture.assigned("Parked", agent);
    fixture.awaitEndedRuns(agent, 1);
    fixture.wakeWith(agent, context -> {
      worked.incrementAndGet();
      return new WorkResult.Done("Worked anew.");
    });

    assertThat(settle()).isInstanceOf(RecoveryResult.RunRequested.class);

    assertThat(fixture.nextOutcome().summary()).endsWith("is blocked");
    assertThat(fixture.agentComments(issue)).singleElement().asString().contains("the work was cut off");
    assertThat(fixture.cards(issue)).hasSize(1);
    assertThat(worked).hasValue(0);
    assertThat(fixture.logFiles()).isEmpty();
  }

  @Test
  void where_the_server_starts_no_run_the_ended_ones_id_does_on_the_idle_issue() {
    String issue = decided(fixture, agent, Future.succeededFuture(137));

    assertThat(settle()).isInstanceOf(RecoveryResult.Settled.class);

    assertTold(issue);
    assertThat(fixture.requests("POST", ".*/checkout")).isEmpty();
    assertThat(fixture.requests("PATCH", "/api/issues/" + issue)).singleElement()
        .satisfies(update -> assertThat(update.runId()).isEqualTo(
            HeartbeatFixture.list(HeartbeatFixture.await(fixture.embeddedBoard.runs(fixture.company, agent))).stream()
                .findFirst().map(HeartbeatFixture::id)));
  }

  @Test
  void an_issue_that_the_server_still_counts_as_in_progress_is_left_for_later() {
    try (HeartbeatFixture early = new HeartbeatFixture(HeartbeatFixture.withoutReminders())) {
      String wren = early.agent("Wren", context -> new WorkResult.Done("never"));
      String issue = decided(early, wren, Future.succeededFuture(137));

      assertThat(early.settle(wren)).singleElement()
          .satisfies(each -> assertThat(each.result()).isInstanceOfSatisfying(RecoveryResult.Pending.class,
              left -> assertThat(left.why()).contains("in progress")));

      assertThat(early.agentComments(issue)).isEmpty();
      assertThat(early.requests("PATCH", ".*")).isEmpty();
      assertThat(early.logFiles()).hasSize(1);
    }
  }

  @Test
  void where_the_server_takes_no_status_the_facts_are_told_in_a_comment() {
    String issue = decided(fixture, agent, Future.succeededFuture(137));
    fixture.server.faults().addRule(FaultRuleBuilder.on("PATCH", "/api/issues/[^/]+").times(9)
        .respondWith(403, Map.of(), "{\"error\":\"Not by this run\"}"));

    assertThat(settle()).isInstanceOf(RecoveryResult.Settled.class);

    assertThat(fixture.agentComments(issue)).singleElement().asString()
        .contains("could not report").contains("What I found.");
    assertThat(fixture.logFiles()).isEmpty();
  }

  @Test
  void an_issue_that_is_somebody_elses_by_now_keeps_its_status_and_gets_the_words() {
    String issue = decided(fixture, agent, Future.succeededFuture(137));
    String other = fixture.agent("Pia", context -> new WorkResult.Done("Pia did it."));
    HeartbeatFixture.await(fixture.embeddedBoard.pauseAgent(other));
    HeartbeatFixture.await(fixture.embeddedBoard.updateIssue(issue, Map.of("assigneeAgentId", other)));
    String status = fixture.status(issue);

    assertThat(settle()).isInstanceOf(RecoveryResult.Settled.class);

    assertThat(fixture.status(issue)).isEqualTo(status);
    assertThat(fixture.requests("PATCH", ".*")).isEmpty();
    assertThat(fixture.agentComments(issue)).singleElement().asString().contains("What I found.");
    assertThat(fixture.logFiles()).isEmpty();
  }

  @Test
  void an_agent_with_nothing_pending_costs_the_server_one_read() {
    assertThat(fixture.settle(agent)).isEmpty();

    assertThat(fixture.server.requests().all()).hasSize(1);
  }
}
