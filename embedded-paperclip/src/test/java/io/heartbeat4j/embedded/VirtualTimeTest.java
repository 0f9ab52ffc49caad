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
  private final EmbeddedPaperclip server = TestHttpClient.await(
      EmbeddedPaperclip.start(
          vertx,
          EmbeddedOptions.defaults().virtualTime(START).reconciliationDelay(Duration.ofSeconds(30))));
  private final BlockingQueue<InProcessWake> wakes = new LinkedBlockingQueue<>();
  private final Promise<Integer> exit = Promise.promise();
  private String company = "";
  private String agent = "";

  @BeforeEach
  void seed() {
    company = TestHttpClient.await(server.board().createCompany("Simulated")).path("id").asText();
    agent = TestHttpClient.await(server.board().createAgent(company, "Wren", Map.of())).path("id").asText();
    server.setWakeHandler(agent, wake -> {
      wakes.add(wake);
      return exit.future();
    });
  }

  @AfterEach
  void stop() {
    TestHttpClient.await(server.close().compose(closed -> vertx.close()));
  }

  @Test
  void what_is_due_now_needs_no_push() throws Exception {
    String issue = assigned();

    InProcessWake wake = nextWake();

    assertThat(wake.context().path("issueId").asText()).isEqualTo(issue);
    assertThat(status(issue)).isEqualTo("in_progress");
  }

  @Test
  void a_killed_run_blocks_its_issue_when_the_sweep_is_due_and_a_wake_for_it_is_refused() throws Exception {
    String issue = assigned();
    InProcessWake wake = nextWake();

    server.killRun(wake.runId());

    awaitEnd(wake.runId());
    assertThat(TestHttpClient.await(server.board().readRun(wake.runId())).path("signal").asText()).isEqualTo("SIGKILL");
    assertThat(status(issue)).isEqualTo("in_progress");
    TestHttpClient.await(server.advanceTime(Duration.ofSeconds(29)));
    assertThat(status(issue)).isEqualTo("in_progress");
    TestHttpClient.await(server.advanceTime(Duration.ofSeconds(1)));
    assertThat(status(issue)).isEqualTo("blocked");
    var answer = TestHttpClient.await(server.board().wakeAgent(agent, "again", issue));
    assertThat(answer.path("reason").asText()).isEqualTo("execution_reconciliation_required");
    assertThat(wakes).isEmpty();
  }

  @Test
  void an_issue_that_is_moved_on_before_the_sweep_is_free_again() throws Exception {
    String issue = assigned();
    InProcessWake wake = nextWake();
    server.killRun(wake.runId());
    awaitEnd(wake.runId());

    TestHttpClient.await(server.board().updateIssue(issue, Map.of("status", "todo")));

    assertThat(TestHttpClient.await(server.board().readIssue(issue)).path("executionBlocker").isNull()).isTrue();
    TestHttpClient.await(server.advanceTime(Duration.ofSeconds(30)));
    assertThat(status(issue)).isEqualTo("todo");
    assertThat(TestHttpClient.await(server.board().wakeAgent(agent, "again", issue)).has("id")).isTrue();
  }

  @Test
  void an_outage_refuses_connections_and_keeps_data_and_runs() throws Exception {
    String issue = assigned();
    InProcessWake wake = nextWake();
    TestHttpClient testHttpClient = new TestHttpClient(server);

    TestHttpClient.await(server.startOutage());
    assertThatThrownBy(() -> testHttpClient.post("/api/issues/" + issue + "/comments", "{\"body\":\"anybody?\"}"))
        .isInstanceOf(IOException.class);
    TestHttpClient.await(server.endOutage());

    assertThat(testHttpClient.post("/api/issues/" + issue + "/comments", "{\"body\":\"back\"}").statusCode())
        .isEqualTo(201);
    assertThat(TestHttpClient.await(server.board().readRun(wake.runId())).path("status").asText()).isEqualTo("running");
    exit.complete(0);
    awaitEnd(wake.runId());
  }

  @Test
  void the_system_clock_goes_on_from_where_it_was_moved_to() {
    EmbeddedPaperclip ordinary = TestHttpClient.await(EmbeddedPaperclip.start(vertx));
    Instant before = Instant.now();

    TestHttpClient.await(ordinary.advanceTime(Duration.ofDays(1)));

    assertThat(ordinary.clock().instant()).isAfterOrEqualTo(before.plus(Duration.ofDays(1)));
  }

  private String assigned() {
    return TestHttpClient
        .await(server.board().createIssue(company, "Build it", Map.of("assigneeAgentId", agent, "status", "todo")))
        .path("id").asText();
  }

  private InProcessWake nextWake() throws InterruptedException {
    InProcessWake wake = wakes.poll(20, TimeUnit.SECONDS);
    assertThat(wake).as("a wake").isNotNull();
    return java.util.Objects.requireNonNull(wake);
  }

  private void awaitEnd(String run) {
    Instant deadline = Instant.now().plusSeconds(20);
    while (TestHttpClient.await(server.board().readRun(run)).path("status").asText().equals("running")) {
      assertThat(Instant.now()).as("the run ends").isBefore(deadline);
    }
  }

  private String status(String issue) {
    return TestHttpClient.await(server.board().readIssue(issue)).path("status").asText();
  }
}
