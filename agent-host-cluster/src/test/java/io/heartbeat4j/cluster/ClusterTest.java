package io.heartbeat4j.cluster;

import static io.heartbeat4j.cluster.ClusterScene.await;
import static io.heartbeat4j.cluster.ClusterScene.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.Worker;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** Two hosts in one JVM that know of one another; {@code c} is configured and not there. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterTest {

  private static final List<String> BOTH = List.of("a", "b");

  private final ClusterScene scene = new ClusterScene();

  @BeforeAll
  void start() {
    scene.agent("First", "a", context -> new WorkResult.Done("Done."));
    BOTH.forEach(scene::start);
  }

  @AfterAll
  void close() {
    scene.close();
  }

  /** Works once the latch is open. */
  private record Waiting(CountDownLatch go, AtomicInteger calls) implements Worker {
    Waiting() {
      this(new CountDownLatch(1), new AtomicInteger());
    }

    @Override
    public WorkResult perform(io.heartbeat4j.worker.WorkContext context) throws InterruptedException {
      calls.incrementAndGet();
      context.run().reportProgress("Begun.");
      context.run().cancellation().onRequested(go::countDown);
      go.await();
      return new WorkResult.Done("Done.");
    }
  }

  @Test
  void a_run_is_found_from_every_host_while_it_goes_on_and_after_its_end() {
    for (String home : BOTH) {
      Waiting worker = new Waiting();
      String name = scene.nameAt(home);
      String agent = scene.agent(name, "a", worker);
      scene.assigned("Look at me", agent);
      until("the work has begun", () -> worker.calls().get() == 1);
      String run = scene.run(agent);

      BOTH.forEach(
          node -> assertThat(scene.get(node, "/v1/runs/" + run, name).json().getString("status")).isEqualTo("running"));
      worker.go().countDown();
      until("the run is over", () -> scene.runs(agent).get(0).path("status").asText().equals("succeeded"));

      BOTH.forEach(node -> {
        assertThat(scene.get(node, "/v1/runs/" + run, name).json().getString("status")).isEqualTo("completed");
        assertThat(scene.get(node, "/v1/runs/" + run + "/events", name).text()).contains("run.completed");
        assertThat(scene.get(node, "/v1/runs/" + run, "First").status()).isNotEqualTo(200);
      });
    }
  }

  @Test
  void a_run_that_no_host_knows_is_not_denied_while_one_of_them_is_away() {
    assertThat(scene.get("a", "/v1/runs/" + UUID.randomUUID(), "First").status()).isEqualTo(503);
  }

  @Test
  void a_wake_that_comes_to_both_hosts_at_once_is_one_run_and_beats_once() {
    Waiting worker = new Waiting();
    String name = scene.nameAt("b");
    String agent = scene.agent(name + "x", "a", worker);
    scene.assigned("Once", agent);
    String run = scene.run(agent);

    List<Future<ClusterScene.Reply>> answers = java.util.stream.IntStream.range(0, 10)
        .mapToObj(i -> scene.wake(BOTH.get(i % 2), run, name + "x")).toList();

    answers.forEach(answer -> {
      assertThat(await(answer).status()).isEqualTo(202);
      assertThat(await(answer).json().getString("run_id")).isEqualTo(run);
    });
    worker.go().countDown();
    until("the run is over", () -> scene.runs(agent).get(0).path("status").asText().equals("succeeded"));
    assertThat(scene.wake("a", run, name + "x").map(ClusterScene.Reply::json))
        .satisfies(again -> assertThat(await(again).getString("status")).isEqualTo("completed"));
    assertThat(worker.calls()).hasValue(1);
  }

  @Test
  void a_stop_at_the_other_host_reaches_the_work() {
    for (String home : BOTH) {
      Waiting worker = new Waiting();
      String name = scene.nameAt(home) + "stop";
      String agent = scene.agent(name, home, worker);
      scene.assigned("Stop me", agent);
      until("the work has begun", () -> worker.calls().get() == 1);
      String run = scene.run(agent);

      for (String node : BOTH) {
        assertThat(await(scene.ask(node, HttpMethod.POST, "/v1/runs/" + run + "/stop", name, Map.of())).status())
            .isEqualTo(200);
      }

      until("the run is over",
          () -> scene.get(home, "/v1/runs/" + run, name).json().getString("status").equals("cancelled"));
    }
  }

  @Test
  void an_http_wake_is_answered_when_the_issue_is_settled_whichever_host_it_comes_to() {
    for (String home : BOTH) {
      for (String at : BOTH) {
        AtomicInteger calls = new AtomicInteger();
        String agent = scene.agent(scene.nameAt(home, "-http-at-" + at), context -> {
          calls.incrementAndGet();
          return new WorkResult.Done("Done.");
        }, "http", access -> Map.of(
            "url", scene.url(at) + "/v1/wakes", "headers", Map.of("authorization", "Bearer " + access)));

        String issue = scene.assigned("By http", agent);

        until("the run is over", () -> scene.isOver(agent));
        assertThat(scene.status(issue)).isEqualTo("done");
        assertThat(scene.runs(agent)).singleElement()
            .satisfies(run -> assertThat(run.path("status").asText()).isEqualTo("succeeded"));
        assertThat(calls).hasValue(1);
      }
    }
  }

  @Test
  void a_wake_by_the_script_is_worked_whichever_host_its_machine_has() {
    for (String home : BOTH) {
      for (String at : BOTH) {
        AtomicInteger calls = new AtomicInteger();
        String agent = scene.agentOfTheScript(scene.nameAt(home, "-script-at-" + at), at, context -> {
          calls.incrementAndGet();
          context.run().reportProgress("Looking for the README.");
          return new WorkResult.Done("Done.");
        });

        String issue = scene.assigned("By the script", agent);

        until("the run is over", () -> scene.isOver(agent));
        assertThat(scene.status(issue)).isEqualTo("done");
        assertThat(scene.runs(agent)).singleElement().satisfies(run -> {
          assertThat(run.path("exitCode").asInt(-1)).isZero();
          assertThat(run.path("stdoutExcerpt").asText()).contains("Looking for the README.");
        });
        assertThat(calls).hasValue(1);
      }
    }
  }

  @Test
  void an_agent_is_at_home_on_one_host_and_so_is_its_timer() {
    List<String> names = java.util.stream.IntStream.range(0, 400).mapToObj(i -> "agent-" + i).toList();

    assertThat(names).allSatisfy(name -> assertThat(BOTH.stream().filter(node -> scene.isHome(node, name))).hasSize(1));
    assertThat(names.stream().filter(name -> scene.isHome("a", name)).count()).isBetween(120L, 280L);
  }

  @Test
  void a_second_host_by_the_same_name_is_told_so() {
    assertThatThrownBy(() -> scene.joinAgainAs("a")).hasMessageContaining("named 'a'");
  }

  /** Late, since for a while each host is alone. */
  @Test
  @Order(Integer.MAX_VALUE - 1)
  void hosts_that_lose_sight_of_one_another_work_on_by_themselves_and_are_soon_together_again() {
    String begun = scene.nameAt("b", "-begun");
    String later = scene.nameAt("b", "-later");
    Waiting worker = new Waiting();
    Waiting second = new Waiting();
    second.go().countDown();
    String agent = scene.agent(begun, "a", worker);
    String other = scene.agent(later, "a", second);
    String issue = scene.assigned("Begun before", agent);
    until("the work has begun", () -> worker.calls().get() == 1);
    String run = scene.run(agent);

    scene.loseSight();
    assertThat(scene.get("b", "/v1/runs/" + run, begun).json().getString("status")).isEqualTo("running");
    assertThat(scene.get("a", "/v1/runs/" + run, begun).status()).as("it is not denied").isEqualTo(503);
    String meanwhile = scene.assigned("Since then", other);
    until("what comes to a host is worked there", () -> scene.status(meanwhile).equals("done"));

    scene.untilAllSeeOneAnother();
    assertThat(scene.get("a", "/v1/runs/" + run, begun).json().getString("status")).isEqualTo("running");
    worker.go().countDown();
    until("both runs are over", () -> scene.isOver(agent) && scene.isOver(other));
    assertThat(scene.status(issue)).isEqualTo("done");
    for (String name : List.of(begun, later)) {
      String ended = scene.run(name.equals(begun) ? agent : other);
      BOTH.forEach(node -> assertThat(scene.get(node, "/v1/runs/" + ended, name).json().getString("status"))
          .as(node).isEqualTo("completed"));
    }
    assertThat(List.of(worker.calls().get(), second.calls().get())).containsExactly(1, 1);
  }

  /** Last, since it ends a host. */
  @Test
  @Order(Integer.MAX_VALUE)
  void what_a_host_leaves_is_gone_on_with_and_told_by_the_other_one() {
    String name = scene.nameAt("b") + "kept";
    Waiting worker = new Waiting();
    String agent = scene.agent(name, "a", worker);
    String first = scene.assigned("Told later", agent);
    until("the work has begun", () -> worker.calls().get() == 1);
    String run = scene.run(agent);
    String home = scene.home(name);
    String other = home.equals("a") ? "b" : "a";
    worker.go().countDown();
    until("the issue is done", () -> scene.status(first).equals("done"));
    until("the run is over",
        () -> scene.get(home, "/v1/runs/" + run, name).json().getString("status").equals("completed"));

    scene.drain(home, Duration.ofSeconds(1));

    until("the other one tells it", () -> scene.get(other, "/v1/runs/" + run, name).status() == 200);
    assertThat(scene.get(other, "/v1/runs/" + run, name).json().getString("status")).isEqualTo("completed");
    assertThat(scene.isHome(other, name)).isTrue();
    assertThat(worker.calls()).hasValue(1);
  }
}
