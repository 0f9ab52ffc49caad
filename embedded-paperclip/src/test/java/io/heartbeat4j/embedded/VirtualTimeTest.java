package io.heartbeat4j.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server whose time a simulation owns: nothing happens later unless it says so. */
final class VirtualTimeTest {

  static final Instant START = Instant.parse("2026-11-24T08:00:00Z");

  private final Vertx vertx = Vertx.vertx();
  private final EmbeddedPaperclip server =
      Caller.get(
          EmbeddedPaperclip.start(
              vertx,
              EmbeddedOptions.defaults().virtualTime(START).reconciliationDelay(Duration.ofSeconds(30))));
  private final BlockingQueue<EmbeddedWake> wakes = new LinkedBlockingQueue<>();
  private final Promise<Integer> exit = Promise.promise();
  private String company = "";
  private String agent = "";

  @BeforeEach
  void seed() {
    company = Caller.get(server.board().company("Simulated")).path("id").asText();
    agent = Caller.get(server.board().agent(company, "Wren", Map.of())).path("id").asText();
    server.onWake(agent, wake -> {
      wakes.add(wake);
      return exit.future();
    });
  }

  @AfterEach
  void stop() {
    Caller.get(server.close().compose(closed -> vertx.close()));
  }

  @Test
  void what_is_due_now_needs_no_push() throws Exception {
    String issue = assigned();

    EmbeddedWake wake = nextWake();

    assertThat(wake.context().path("issueId").asText()).isEqualTo(issue);
    assertThat(status(issue)).isEqualTo("in_progress");
  }

  @Test
  void a_killed_run_blocks_its_issue_when_the_sweep_is_due_and_a_wake_for_it_is_refused() throws Exception {
    String issue = assigned();
    EmbeddedWake wake = nextWake();

    server.kill(wake.runId());

    awaitEnd(wake.runId());
    assertThat(Caller.get(server.board().run(wake.runId())).path("signal").asText()).isEqualTo("SIGKILL");
    assertThat(status(issue)).isEqualTo("in_progress");
    Caller.get(server.advance(Duration.ofSeconds(29)));
    assertThat(status(issue)).isEqualTo("in_progress");
    Caller.get(server.advance(Duration.ofSeconds(1)));
    assertThat(status(issue)).isEqualTo("blocked");
    var answer = Caller.get(server.board().wakeup(agent, "again", issue));
    assertThat(answer.path("reason").asText()).isEqualTo("execution_reconciliation_required");
    assertThat(wakes).isEmpty();
  }

  @Test
  void an_issue_that_is_moved_on_before_the_sweep_is_free_again() throws Exception {
    String issue = assigned();
    EmbeddedWake wake = nextWake();
    server.kill(wake.runId());
    awaitEnd(wake.runId());

    Caller.get(server.board().update(issue, Map.of("status", "todo")));

    assertThat(Caller.get(server.board().readIssue(issue)).path("executionBlocker").isNull()).isTrue();
    Caller.get(server.advance(Duration.ofSeconds(30)));
    assertThat(status(issue)).isEqualTo("todo");
    assertThat(Caller.get(server.board().wakeup(agent, "again", issue)).has("id")).isTrue();
  }

  @Test
  void an_outage_refuses_connections_and_keeps_data_and_runs() throws Exception {
    String issue = assigned();
    EmbeddedWake wake = nextWake();
    Caller caller = new Caller(server);

    Caller.get(server.goDown());
    assertThatThrownBy(() -> caller.post("/api/issues/" + issue + "/comments", "{\"body\":\"anybody?\"}"))
        .isInstanceOf(IOException.class);
    Caller.get(server.comeBack());

    assertThat(caller.post("/api/issues/" + issue + "/comments", "{\"body\":\"back\"}").statusCode()).isEqualTo(201);
    assertThat(Caller.get(server.board().run(wake.runId())).path("status").asText()).isEqualTo("running");
    exit.complete(0);
    awaitEnd(wake.runId());
  }

  @Test
  void the_system_clock_is_not_moved() {
    EmbeddedPaperclip ordinary = Caller.get(EmbeddedPaperclip.start(vertx));

    assertThatThrownBy(() -> ordinary.advance(Duration.ofDays(1))).isInstanceOf(IllegalStateException.class);
  }

  private String assigned() {
    return Caller.get(server.board().issue(company, "Build it", Map.of("assigneeAgentId", agent, "status", "todo")))
        .path("id").asText();
  }

  private EmbeddedWake nextWake() throws InterruptedException {
    EmbeddedWake wake = wakes.poll(20, TimeUnit.SECONDS);
    assertThat(wake).as("a wake").isNotNull();
    return java.util.Objects.requireNonNull(wake);
  }

  private void awaitEnd(String run) {
    Instant deadline = Instant.now().plusSeconds(20);
    while (Caller.get(server.board().run(run)).path("status").asText().equals("running")) {
      assertThat(Instant.now()).as("the run ends").isBefore(deadline);
    }
  }

  private String status(String issue) {
    return Caller.get(server.board().readIssue(issue)).path("status").asText();
  }
}
