package io.heartbeat4j.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.embedded.FaultRuleBuilder;
import io.heartbeat4j.embedded.InProcessWake;
import io.heartbeat4j.heartbeat.outcome.HeartbeatException;
import io.heartbeat4j.heartbeat.outcome.WorkOutcome;
import io.heartbeat4j.heartbeat.wal.LogEntry;
import io.heartbeat4j.worker.WorkResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a run could not tell the server is told by the next heartbeat of the agent, and nothing is worked twice. */
class WriteAheadLogRecoveryTest {

  private static final String PATCH_PATH = "/api/issues/[^/]+";

  private final HeartbeatFixture fixture = new HeartbeatFixture(HeartbeatFixture.withoutReminders());
  private final List<String> worked = new CopyOnWriteArrayList<>();
  private final String agent = fixture.agent("Wren", context -> {
    worked.add(context.issue().title());
    return new WorkResult.Done("Result " + worked.size() + " of " + context.issue().title() + ".");
  });

  @AfterEach
  void close() {
    fixture.close();
  }

  /** An issue whose result is in the journal, and of which the server has not heard. */
  private String untold(int exit) {
    fixture.exitOfFailure = exit;
    fixture.server.faults().addRule(FaultRuleBuilder.on("PATCH", PATCH_PATH).byAgent(agent).times(2).dropRequest());
    String issue = fixture.assigned("First", agent);
    assertThat(fixture.next().failure()).isInstanceOf(HeartbeatException.class);
    fixture.server.faults().clear();
    assertThat(fixture.logFiles()).hasSize(1);
    assertThat(fixture.agentComments(issue)).isEmpty();
    return issue;
  }

  private void assertToldOnce(String issue) {
    assertThat(fixture.status(issue)).isEqualTo("done");
    assertThat(fixture.agentComments(issue)).containsExactly("Result 1 of First.");
    assertThat(worked.stream().filter("First"::equals)).hasSize(1);
    assertThat(fixture.logFiles()).isEmpty();
  }

  @Test
  void the_next_heartbeat_delivers_it_whatever_its_own_issue_is() {
    String issue = untold(1);
    fixture.restart();

    String other = fixture.assigned("Second", agent);
    assertThat(fixture.nextOutcome().summary()).endsWith("is done");

    assertToldOnce(issue);
    assertThat(fixture.status(other)).isEqualTo("done");
    assertThat(worked).containsExactly("First", "Second");
  }

  @Test
  void a_wake_that_only_asks_for_the_status_is_answered_from_the_journal() {
    String issue = untold(0);

    HeartbeatFixture.await(fixture.embeddedBoard.wakeAgent(agent, "finish_successful_run_handoff", issue));
    assertThat(fixture.nextOutcome().summary()).endsWith("is done");

    assertToldOnce(issue);
  }

  @Test
  void an_unscoped_heartbeat_asks_for_a_run_that_delivers_it() {
    String issue = untold(0);

    HeartbeatFixture.await(fixture.embeddedBoard.invokeHeartbeat(agent));
    fixture.next();
    fixture.next();

    assertToldOnce(issue);
    assertThat(fixture.requests("POST", ".*/wakeup")).isNotEmpty();
  }

  @Test
  void what_a_person_has_said_since_is_worked_and_the_earlier_words_are_not_lost() {
    String issue = untold(0);

    HeartbeatFixture.await(fixture.embeddedBoard.addComment(issue, "One more thing."));
    assertThat(fixture.nextOutcome().summary()).endsWith("is done");

    assertThat(worked).containsExactly("First", "First");
    assertThat(fixture.agentComments(issue)).satisfiesExactly(
        earlier -> assertThat(earlier).contains("From an earlier run that could not report")
            .contains("Result 1 of First."),
        later -> assertThat(later).isEqualTo("Result 2 of First."));
    assertThat(fixture.logFiles()).isEmpty();
  }

  @Test
  void a_result_that_goes_to_a_reviewer_gets_a_run_of_its_own_and_does_not_end_the_run_of_another_issue() {
    String reviewer = fixture.agent("Rhea", context -> new WorkResult.Done("Good."));
    fixture.exitOfFailure = 0;
    fixture.server.faults().addRule(FaultRuleBuilder.on("PATCH", PATCH_PATH).byAgent(agent).times(2).dropRequest());
    String staged = fixture.issue("First", Map.of("status", "todo", "assigneeAgentId", agent, "executionPolicy", Map.of(
        "stages", List.of(Map.of("type", "review", "participants",
            List.of(Map.of("type", "agent", "agentId", reviewer)))))));
    fixture.next();
    fixture.server.faults().clear();

    String other = fixture.assigned("Second", agent);

    fixture.awaitStatus(other, "done");
    fixture.awaitStatus(staged, "done");
    assertThat(fixture.agentComments(staged)).containsExactly("Result 1 of First.", "Good.");
    assertThat(worked).containsExactly("First", "Second");
  }

  @Test
  void a_reply_that_the_server_refused_is_delivered_by_a_later_heartbeat_of_the_same_process() {
    String owner = fixture.agent("Pia", context -> new WorkResult.Done("never"));
    String other = fixture.agent("Rhea", context -> context.isReadOnly()
        ? new WorkResult.Reply("Use a queue.")
        : new WorkResult.Done("Done."));
    String issue = fixture.issue("Pia's", Map.of("status", "backlog", "assigneeAgentId", owner));
    HeartbeatFixture.await(fixture.embeddedBoard.pauseAgent(owner));
    fixture.server.faults().addRule(FaultRuleBuilder.on("POST", "/api/issues/[^/]+/comments").byAgent(other).once()
        .conflict());
    HeartbeatFixture.await(fixture.embeddedBoard.addComment(issue, "[@Rhea](agent://" + other + ") how?"));
    assertThat(fixture.next().failure()).isNotNull();

    fixture.assigned("Second", other);
    fixture.nextOutcome();

    assertThat(fixture.agentComments(issue)).containsExactly("Use a queue.");
    assertThat(fixture.logFiles()).isEmpty();
  }

  @Test
  void a_disposition_that_did_arrive_is_not_written_again() {
    fixture.server.faults().addRule(FaultRuleBuilder.on("PATCH", PATCH_PATH).byAgent(agent).once().dropResponse());
    fixture.server.faults()
        .addRule(FaultRuleBuilder.on("GET", "/api/issues/[^/]+/comments").byAgent(agent).times(9).unavailable());
    String issue = fixture.assigned("First", agent);
    assertThat(fixture.next().failure()).isNotNull();
    fixture.server.faults().clear();
    assertThat(fixture.logFiles()).hasSize(1);

    fixture.assigned("Second", agent);
    fixture.nextOutcome();

    assertToldOnce(issue);
    assertThat(fixture.requests("PATCH", "/api/issues/" + issue)).hasSize(1);
  }

  @Test
  void a_run_that_was_cut_off_later_is_told_although_the_issue_shows_what_an_earlier_one_has_done() {
    fixture.server.faults().addRule(FaultRuleBuilder.on("PATCH", PATCH_PATH).byAgent(agent).once().dropResponse());
    fixture.server.faults()
        .addRule(FaultRuleBuilder.on("GET", "/api/issues/[^/]+/comments").byAgent(agent).times(9).unavailable());
    String issue = fixture.assigned("First", agent);
    assertThat(fixture.next().failure()).isNotNull();
    fixture.server.faults().clear();
    fixture.server.setWakeHandler(agent, wake -> {
      fixture.openLogEntry(wake, issue).release();
      return Future.succeededFuture(137);
    });
    HeartbeatFixture.await(fixture.embeddedBoard.addComment(issue, "Once more, please."));
    fixture.awaitEndedRuns(agent, 2);
    fixture.wakeWith(agent, context -> {
      worked.add(context.issue().title());
      return new WorkResult.Done("Done.");
    });

    fixture.assigned("Second", agent);
    fixture.nextOutcome();

    assertThat(worked).containsExactly("First", "Second");
    assertThat(fixture.status(issue)).isEqualTo("blocked");
    assertThat(fixture.agentComments(issue)).satisfiesExactly(
        first -> assertThat(first).isEqualTo("Result 1 of First."),
        later -> assertThat(later).contains("ended before the work had begun"));
    assertThat(fixture.logFiles()).isEmpty();
  }

  @Test
  void work_that_was_cut_off_becomes_blocked_with_one_card_and_is_not_begun_again() {
    fixture.server.setWakeHandler(agent, wake -> {
      var entry = fixture.openLogEntry(wake);
      entry.recordSending("work", null);
      entry.release();
      return Future.succeededFuture(137);
    });
    String issue = fixture.assigned("First", agent);
    fixture.awaitEndedRuns(agent, 1);
    fixture.wakeWith(agent, context -> {
      worked.add(context.issue().title());
      return new WorkResult.Done("Done.");
    });

    fixture.assigned("Second", agent);
    fixture.nextOutcome();

    assertThat(worked).containsExactly("Second");
    assertThat(fixture.status(issue)).isEqualTo("blocked");
    assertThat(fixture.agentComments(issue)).singleElement().asString().contains("the work was cut off");
    assertThat(fixture.cards(issue)).hasSize(1);
    assertThat(fixture.logFiles()).isEmpty();
  }

  /** As after a restart of a host that had several runs of the agent: they go on at the same time. */
  @Test
  void what_a_live_run_has_left_is_left_to_that_run() {
    Promise<InProcessWake> woken = Promise.promise();
    fixture.server.setWakeHandler(agent, wake -> {
      var entry = fixture.openLogEntry(wake);
      entry.recordSending("work", null);
      entry.release();
      woken.tryComplete(wake);
      return Promise.<Integer>promise().future();
    });
    String issue = fixture.assigned("First", agent);
    InProcessWake first = HeartbeatFixture.await(woken.future());
    fixture.wakeWith(agent, context -> {
      worked.add(context.issue().title());
      return new WorkResult.Done("Done.");
    });

    fixture.assigned("Second", agent);
    fixture.nextOutcome();

    assertThat(fixture.requests("POST", "/api/issues/" + issue + "/checkout")).isEmpty();
    assertThat(fixture.logFiles()).hasSize(1);

    HeartbeatFixture.await(fixture.beat(agent, first.environment()));

    assertThat(worked).containsExactly("Second");
    assertThat(fixture.agentComments(issue)).singleElement().asString().contains("the work was cut off");
    assertThat(fixture.logFiles()).isEmpty();
  }

  @Test
  void what_another_run_has_in_hand_is_waited_for_and_not_worked_anew() {
    Promise<LogEntry> inHand = Promise.promise();
    fixture.server.setWakeHandler(agent, wake -> {
      inHand.complete(fixture.openLogEntry(wake));
      return Future.succeededFuture(0);
    });
    String issue = fixture.assigned("First", agent);
    LogEntry entry = HeartbeatFixture.await(inHand.future());
    entry.recordOutcome(new WorkOutcome.Returned(new WorkResult.Done("Result 1 of First."), List.of()));
    fixture.awaitEndedRuns(agent, 1);
    fixture.wakeWith(agent, context -> new WorkResult.Done("Worked anew."));

    HeartbeatFixture.await(fixture.embeddedBoard.wakeAgent(agent, "look_again", issue));
    fixture.awaitEvent("another run has claimed");
    entry.release();

    assertThat(fixture.nextOutcome().summary()).endsWith("is done");
    assertThat(fixture.agentComments(issue)).containsExactly("Result 1 of First.");
    assertThat(fixture.logFiles()).isEmpty();
  }

  @Test
  void a_run_that_goes_on_after_a_restart_before_its_work_had_begun_is_worked() {
    Promise<InProcessWake> woken = Promise.promise();
    fixture.server.setWakeHandler(agent, wake -> {
      fixture.openLogEntry(wake).release();
      woken.tryComplete(wake);
      return Promise.<Integer>promise().future();
    });
    String issue = fixture.assigned("First", agent);

    HeartbeatFixture.await(fixture.beat(agent, HeartbeatFixture.await(woken.future()).environment()));

    assertToldOnce(issue);
  }

  @Test
  void the_journal_holds_no_token() throws java.io.IOException {
    untold(1);

    String content = java.nio.file.Files.readString(fixture.logFiles().get(0));

    assertThat(content).contains("Result 1 of First.");
    assertThat(fixture.tokens).isNotEmpty().allSatisfy(token -> assertThat(content).doesNotContain(token));
  }
}
