package io.heartbeat4j.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.embedded.Fault;
import io.heartbeat4j.heartbeat.journal.Decision;
import io.heartbeat4j.heartbeat.journal.Entry;
import io.heartbeat4j.worker.WorkResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An agent's journal is settled with its key, in the first of the ways that the server leaves open. */
class JournalDeliveryTest {

  private final Scene scene = new Scene(Scene.withoutReminders().reconciliationDelay(Duration.ZERO));
  private final AtomicInteger worked = new AtomicInteger();
  private final String agent = scene.agent("Wren", context -> {
    worked.incrementAndGet();
    return new WorkResult.Done("Worked anew.");
  });

  @AfterEach
  void close() {
    scene.close();
  }

  /** An issue of which a run has decided and told nothing, when it ends as {@code exit} does. */
  private String decided(Scene place, String who, Future<Integer> exit) {
    Promise<String> noted = Promise.promise();
    place.server.onWake(who, wake -> {
      Entry entry = place.begun(wake);
      entry.decided(new Decision.ByWork(new Worked.Returned(new WorkResult.Done("What I found."), List.of())));
      entry.close();
      noted.complete(wake.runId());
      return exit;
    });
    String issue = place.assigned("Decided", who);
    Scene.await(noted.future());
    if (exit.isComplete()) {
      place.untilEnded(who, 1);
    }
    return issue;
  }

  private Delivery settle() {
    List<JournalDelivery.Delivered> all = scene.settle(agent);
    assertThat(all).hasSize(1);
    return all.get(0).delivery();
  }

  private void assertTold(String issue) {
    assertThat(scene.status(issue)).isEqualTo("done");
    assertThat(scene.agentComments(issue)).containsExactly("What I found.");
    assertThat(worked).hasValue(0);
    assertThat(scene.journals()).isEmpty();
  }

  @Test
  void a_run_that_still_lives_checks_out_and_writes_in_its_own_name() {
    String issue = decided(scene, agent, Promise.<Integer>promise().future());

    assertThat(settle()).isInstanceOf(Delivery.Settled.class);

    assertTold(issue);
    assertThat(scene.requests("POST", ".*/checkout")).hasSize(1);
    assertThat(scene.requests("POST", ".*/wakeup")).isEmpty();
  }

  @Test
  void after_the_run_the_server_is_asked_for_another_which_then_delivers() {
    String issue = decided(scene, agent, Future.succeededFuture(0));
    scene.beats(agent, context -> {
      worked.incrementAndGet();
      return new WorkResult.Done("Worked anew.");
    });

    assertThat(settle()).isInstanceOf(Delivery.Summoned.class);
    assertThat(scene.nextOutcome().summary()).endsWith("is done");

    assertTold(issue);
  }

  @Test
  void where_the_server_starts_no_run_the_ended_ones_id_does_on_the_idle_issue() {
    String issue = decided(scene, agent, Future.succeededFuture(137));

    assertThat(settle()).isInstanceOf(Delivery.Settled.class);

    assertTold(issue);
    assertThat(scene.requests("POST", ".*/checkout")).isEmpty();
    assertThat(scene.requests("PATCH", "/api/issues/" + issue)).singleElement().satisfies(update ->
        assertThat(update.runId()).isEqualTo(Scene.list(Scene.await(scene.board.runs(scene.company, agent))).stream()
            .findFirst().map(Scene::id)));
  }

  @Test
  void an_issue_that_the_server_still_counts_as_in_progress_is_left_for_later() {
    try (Scene early = new Scene(Scene.withoutReminders())) {
      String wren = early.agent("Wren", context -> new WorkResult.Done("never"));
      String issue = decided(early, wren, Future.succeededFuture(137));

      assertThat(early.settle(wren)).singleElement().satisfies(each ->
          assertThat(each.delivery()).isInstanceOfSatisfying(Delivery.Left.class, left ->
              assertThat(left.why()).contains("in progress")));

      assertThat(early.agentComments(issue)).isEmpty();
      assertThat(early.requests("PATCH", ".*")).isEmpty();
      assertThat(early.journals()).hasSize(1);
    }
  }

  @Test
  void where_the_server_takes_no_status_the_facts_are_told_in_a_comment() {
    String issue = decided(scene, agent, Future.succeededFuture(137));
    scene.server.faults().add(Fault.on("PATCH", "/api/issues/[^/]+").times(9)
        .answer(403, Map.of(), "{\"error\":\"Not by this run\"}"));

    assertThat(settle()).isInstanceOf(Delivery.Settled.class);

    assertThat(scene.agentComments(issue)).singleElement().asString()
        .contains("could not report").contains("What I found.");
    assertThat(scene.journals()).isEmpty();
  }

  @Test
  void an_issue_that_is_somebody_elses_by_now_keeps_its_status_and_gets_the_words() {
    String issue = decided(scene, agent, Future.succeededFuture(137));
    String other = scene.agent("Pia", context -> new WorkResult.Done("Pia did it."));
    Scene.await(scene.board.pause(other));
    Scene.await(scene.board.update(issue, Map.of("assigneeAgentId", other)));
    String status = scene.status(issue);

    assertThat(settle()).isInstanceOf(Delivery.Settled.class);

    assertThat(scene.status(issue)).isEqualTo(status);
    assertThat(scene.requests("PATCH", ".*")).isEmpty();
    assertThat(scene.agentComments(issue)).singleElement().asString().contains("What I found.");
    assertThat(scene.journals()).isEmpty();
  }

  @Test
  void an_agent_with_nothing_pending_costs_the_server_one_read() {
    assertThat(scene.settle(agent)).isEmpty();

    assertThat(scene.server.requests().all()).hasSize(1);
  }
}
