package io.heartbeat4j.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.embedded.EmbeddedWake;
import io.heartbeat4j.embedded.Fault;
import io.heartbeat4j.heartbeat.journal.Decision;
import io.heartbeat4j.heartbeat.journal.Entry;
import io.heartbeat4j.worker.WorkResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a run could not tell the server is told by the next heartbeat of the agent, and nothing is worked twice. */
class UnfinishedTest {

  private static final String PATCH_PATH = "/api/issues/[^/]+";

  private final Scene scene = new Scene(Scene.withoutReminders());
  private final List<String> worked = new CopyOnWriteArrayList<>();
  private final String agent = scene.agent("Wren", context -> {
    worked.add(context.issue().title());
    return new WorkResult.Done("Result " + worked.size() + " of " + context.issue().title() + ".");
  });

  @AfterEach
  void close() {
    scene.close();
  }

  /** An issue whose result is in the journal, and of which the server has not heard. */
  private String untold(int exit) {
    scene.exitOfFailure = exit;
    scene.server.faults().add(Fault.on("PATCH", PATCH_PATH).by(agent).times(2).drop());
    String issue = scene.assigned("First", agent);
    assertThat(scene.next().failure()).isInstanceOf(HeartbeatException.class);
    scene.server.faults().clear();
    assertThat(scene.journals()).hasSize(1);
    assertThat(scene.agentComments(issue)).isEmpty();
    return issue;
  }

  private void assertToldOnce(String issue) {
    assertThat(scene.status(issue)).isEqualTo("done");
    assertThat(scene.agentComments(issue)).containsExactly("Result 1 of First.");
    assertThat(worked.stream().filter("First"::equals)).hasSize(1);
    assertThat(scene.journals()).isEmpty();
  }

  @Test
  void the_next_heartbeat_delivers_it_whatever_its_own_issue_is() {
    String issue = untold(1);
    scene.restart();

    String other = scene.assigned("Second", agent);
    assertThat(scene.nextOutcome().summary()).endsWith("is done");

    assertToldOnce(issue);
    assertThat(scene.status(other)).isEqualTo("done");
    assertThat(worked).containsExactly("First", "Second");
  }

  @Test
  void a_wake_that_only_asks_for_the_status_is_answered_from_the_journal() {
    String issue = untold(0);

    Scene.await(scene.board.wakeup(agent, "finish_successful_run_handoff", issue));
    assertThat(scene.nextOutcome().summary()).endsWith("is done");

    assertToldOnce(issue);
  }

  @Test
  void an_unscoped_heartbeat_asks_for_a_run_that_delivers_it() {
    String issue = untold(0);

    Scene.await(scene.board.invoke(agent));
    scene.next();
    scene.next();

    assertToldOnce(issue);
    assertThat(scene.requests("POST", ".*/wakeup")).isNotEmpty();
  }

  @Test
  void what_a_person_has_said_since_is_worked_and_the_earlier_words_are_not_lost() {
    String issue = untold(0);

    Scene.await(scene.board.comment(issue, "One more thing."));
    assertThat(scene.nextOutcome().summary()).endsWith("is done");

    assertThat(worked).containsExactly("First", "First");
    assertThat(scene.agentComments(issue)).satisfiesExactly(
        earlier -> assertThat(earlier).contains("From an earlier run that could not report").contains("Result 1 of First."),
        later -> assertThat(later).isEqualTo("Result 2 of First."));
    assertThat(scene.journals()).isEmpty();
  }

  @Test
  void a_disposition_that_did_arrive_is_not_written_again() {
    scene.server.faults().add(Fault.on("PATCH", PATCH_PATH).by(agent).once().loseAnswer());
    scene.server.faults().add(Fault.on("GET", "/api/issues/[^/]+/comments").by(agent).times(9).unavailable());
    String issue = scene.assigned("First", agent);
    assertThat(scene.next().failure()).isNotNull();
    scene.server.faults().clear();
    assertThat(scene.journals()).hasSize(1);

    scene.assigned("Second", agent);
    scene.nextOutcome();

    assertToldOnce(issue);
    assertThat(scene.requests("PATCH", "/api/issues/" + issue)).hasSize(1);
  }

  @Test
  void a_run_that_was_cut_off_later_is_told_although_the_issue_shows_what_an_earlier_one_has_done() {
    scene.server.faults().add(Fault.on("PATCH", PATCH_PATH).by(agent).once().loseAnswer());
    scene.server.faults().add(Fault.on("GET", "/api/issues/[^/]+/comments").by(agent).times(9).unavailable());
    String issue = scene.assigned("First", agent);
    assertThat(scene.next().failure()).isNotNull();
    scene.server.faults().clear();
    scene.server.onWake(agent, wake -> {
      scene.begun(wake, issue).close();
      return Future.succeededFuture(137);
    });
    Scene.await(scene.board.comment(issue, "Once more, please."));
    scene.untilEnded(agent, 2);
    scene.beats(agent, context -> {
      worked.add(context.issue().title());
      return new WorkResult.Done("Done.");
    });

    scene.assigned("Second", agent);
    scene.nextOutcome();

    assertThat(worked).containsExactly("First", "Second");
    assertThat(scene.status(issue)).isEqualTo("blocked");
    assertThat(scene.agentComments(issue)).satisfiesExactly(
        first -> assertThat(first).isEqualTo("Result 1 of First."),
        later -> assertThat(later).contains("ended before the work had begun"));
    assertThat(scene.journals()).isEmpty();
  }

  @Test
  void work_that_was_cut_off_becomes_blocked_with_one_card_and_is_not_begun_again() {
    scene.server.onWake(agent, wake -> {
      var entry = scene.begun(wake);
      entry.sending("work", null);
      entry.close();
      return Future.succeededFuture(137);
    });
    String issue = scene.assigned("First", agent);
    scene.untilEnded(agent, 1);
    scene.beats(agent, context -> {
      worked.add(context.issue().title());
      return new WorkResult.Done("Done.");
    });

    scene.assigned("Second", agent);
    scene.nextOutcome();

    assertThat(worked).containsExactly("Second");
    assertThat(scene.status(issue)).isEqualTo("blocked");
    assertThat(scene.agentComments(issue)).singleElement().asString().contains("the work was cut off");
    assertThat(scene.cards(issue)).hasSize(1);
    assertThat(scene.journals()).isEmpty();
  }

  /** As after a restart of a host that had several runs of the agent: they go on at the same time. */
  @Test
  void what_a_live_run_has_left_is_left_to_that_run() {
    Promise<EmbeddedWake> woken = Promise.promise();
    scene.server.onWake(agent, wake -> {
      var entry = scene.begun(wake);
      entry.sending("work", null);
      entry.close();
      woken.tryComplete(wake);
      return Promise.<Integer>promise().future();
    });
    String issue = scene.assigned("First", agent);
    EmbeddedWake first = Scene.await(woken.future());
    scene.beats(agent, context -> {
      worked.add(context.issue().title());
      return new WorkResult.Done("Done.");
    });

    scene.assigned("Second", agent);
    scene.nextOutcome();

    assertThat(scene.requests("POST", "/api/issues/" + issue + "/checkout")).isEmpty();
    assertThat(scene.journals()).hasSize(1);

    Scene.await(scene.beat(agent, first.environment()));

    assertThat(worked).containsExactly("Second");
    assertThat(scene.agentComments(issue)).singleElement().asString().contains("the work was cut off");
    assertThat(scene.journals()).isEmpty();
  }

  @Test
  void what_another_run_has_in_hand_is_waited_for_and_not_worked_anew() {
    Promise<Entry> inHand = Promise.promise();
    scene.server.onWake(agent, wake -> {
      inHand.complete(scene.begun(wake));
      return Future.succeededFuture(0);
    });
    String issue = scene.assigned("First", agent);
    Entry entry = Scene.await(inHand.future());
    entry.decided(new Decision.ByWork(new Worked.Returned(new WorkResult.Done("Result 1 of First."), List.of())));
    scene.untilEnded(agent, 1);
    scene.beats(agent, context -> new WorkResult.Done("Worked anew."));

    Scene.await(scene.board.wakeup(agent, "look_again", issue));
    scene.untilTold("another run has in hand");
    entry.close();

    assertThat(scene.nextOutcome().summary()).endsWith("is done");
    assertThat(scene.agentComments(issue)).containsExactly("Result 1 of First.");
    assertThat(scene.journals()).isEmpty();
  }

  @Test
  void a_run_that_goes_on_after_a_restart_before_its_work_had_begun_is_worked() {
    Promise<EmbeddedWake> woken = Promise.promise();
    scene.server.onWake(agent, wake -> {
      scene.begun(wake).close();
      woken.tryComplete(wake);
      return Promise.<Integer>promise().future();
    });
    String issue = scene.assigned("First", agent);

    Scene.await(scene.beat(agent, Scene.await(woken.future()).environment()));

    assertToldOnce(issue);
  }

  @Test
  void the_journal_holds_no_token() throws java.io.IOException {
    untold(1);

    String content = java.nio.file.Files.readString(scene.journals().get(0));

    assertThat(content).contains("Result 1 of First.");
    assertThat(scene.tokens).isNotEmpty().allSatisfy(token -> assertThat(content).doesNotContain(token));
  }
}
