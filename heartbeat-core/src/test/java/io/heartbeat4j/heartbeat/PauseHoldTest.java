package io.heartbeat4j.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.embedded.Fault;
import io.heartbeat4j.worker.WorkResult;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An issue that the board has paused, with all below it. */
class PauseHoldTest {

  private final Scene scene = new Scene(Scene.withoutReminders());
  private final AtomicInteger worked = new AtomicInteger();
  private String hold = "";
  private final String agent = scene.agent("Wren", context -> {
    worked.incrementAndGet();
    return new WorkResult.Done("Done.");
  });

  @AfterEach
  void close() {
    scene.close();
  }

  /** An issue that the board pauses when a run is on its way to it: its checkout is refused. */
  private String pausedOnTheWay() {
    Scene.await(scene.board.pause(agent));
    String issue = scene.assigned("Paused", agent);
    Scene.await(scene.board.resume(agent));
    scene.server.faults().add(Fault.on("POST", "/api/issues/[^/]+/checkout").once().answer(409, Map.of(), """
        {"error": "Issue checkout blocked by active subtree pause hold",
         "details": {"issueId": "%s", "holdId": "%s", "mode": "pause"}}""".formatted(issue, issue)));
    Scene.await(scene.board.invoke(agent));
    assertThat(scene.nextOutcome()).isInstanceOf(Outcome.Summoned.class);
    assertThat(scene.nextOutcome()).isInstanceOf(Outcome.Idle.class);
    hold = Scene.id(Scene.await(scene.board.hold(issue, "not now")));
    return issue;
  }

  @Test
  void it_is_left_as_it_is_and_the_timeline_says_why() {
    String issue = pausedOnTheWay();

    assertThat(worked).hasValue(0);
    assertThat(scene.requests("PATCH", "/api/issues/.*")).isEmpty();
    assertThat(scene.agentComments(issue)).isEmpty();
    assertThat(scene.requests("POST", "/api/issues/" + issue + "/checkout")).hasSize(1);
    assertThat(scene.events).anySatisfy(event -> assertThat(event.message()).contains("is paused; the board resumes it"));
  }

  @Test
  void the_next_heartbeat_does_not_ask_for_it_again() {
    String issue = pausedOnTheWay();
    scene.restart();

    Scene.await(scene.board.invoke(agent));

    assertThat(scene.nextOutcome()).isInstanceOf(Outcome.Idle.class);
    assertThat(scene.requests("POST", "/api/issues/" + issue + "/checkout")).hasSize(1);
  }

  @Test
  void it_is_worked_when_it_is_resumed() {
    String issue = pausedOnTheWay();

    Scene.await(scene.board.releaseHold(issue, hold));
    Scene.await(scene.board.comment(issue, "Go on."));

    assertThat(scene.nextOutcome().summary()).endsWith("is done");
    assertThat(worked).hasValue(1);
  }
}
