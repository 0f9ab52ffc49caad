package io.heartbeat4j.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.worker.WorkResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An agent whose work goes wrong, beside one whose work does not. */
class AgentIsolationTest {

  private final HostFixture scene = new HostFixture();

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void workers_that_hang_and_cannot_be_interrupted_keep_no_neighbour_from_its_heartbeats() {
    CountDownLatch begun = new CountDownLatch(4);
    Semaphore go = new Semaphore(0);
    String hanging = scene.addAgent("Wren", context -> {
      begun.countDown();
      go.acquireUninterruptibly();
      return new WorkResult.Done("at last");
    });
    String other = scene.addAgent("Pia", context -> new WorkResult.Done("Done."));
    scene.start();
    List<String> stuck = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      stuck.add(scene.createAssignedIssue("Stuck " + i, hanging));
    }
    HostFixture.await(begun);

    for (int i = 0; i < 5; i++) {
      String issue = scene.createAssignedIssue("Easy " + i, other);
      HostFixture.waitUntil("the neighbour's is done", () -> scene.status(issue).equals("done"));
    }

    assertThat(stuck).allSatisfy(issue -> assertThat(scene.status(issue)).isEqualTo("in_progress"));
    go.release(4);
    HostFixture.waitUntil("all are done", () -> stuck.stream().allMatch(issue -> scene.status(issue).equals("done")));
  }

  @Test
  void workers_that_break_in_the_worst_ways_harm_nobody_but_their_own_issue() {
    String broken = scene.addAgent("Wren", context -> {
      throw context.issue().title().equals("Deep") ? new StackOverflowError() : new OutOfMemoryError("Java heap space");
    });
    String other = scene.addAgent("Pia", context -> new WorkResult.Done("Done."));
    scene.start();

    String deep = scene.createAssignedIssue("Deep", broken);
    String large = scene.createAssignedIssue("Large", broken);
    String easy = scene.createAssignedIssue("Easy", other);

    HostFixture.waitUntil("all are settled", () -> scene.status(easy).equals("done")
        && scene.status(deep).equals("blocked") && scene.status(large).equals("blocked"));
    assertThat(scene.agentComments(deep)).singleElement().asString().contains("StackOverflowError");
    assertThat(scene.agentComments(large)).singleElement().asString().contains("Java heap space");
    String again = scene.createAssignedIssue("Again", other);
    HostFixture.waitUntil("the host goes on", () -> scene.status(again).equals("done"));
    scene.drain(Duration.ofSeconds(5));
  }
}
