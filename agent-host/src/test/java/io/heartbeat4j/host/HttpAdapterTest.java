package io.heartbeat4j.host;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.worker.ProviderUsage;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.Worker;
import io.vertx.core.http.HttpMethod;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Paperclip's http adapter on one side, heartbeats on the other. */
class HttpAdapterTest {

  private final HostFixture scene = new HostFixture();
  private final String access = "access-" + UUID.randomUUID();

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void the_answer_comes_when_the_issue_is_settled_and_the_cost_is_told_to_the_server() {
    String agent = scene.addAgent("Wren", context -> {
      context.usage().report(new ProviderUsage("acme", "large", 100, 0, 10, new BigDecimal("0.05")));
      return new WorkResult.Done("Said hello.");
    }, access, "http", settings());
    scene.start();

    String issue = scene.createAssignedIssue("Say hello", agent);

    HostFixture.waitUntil("the run is over", () -> !scene.runs(agent).isEmpty()
        && scene.runs(agent).get(0).path("finishedAt").isTextual());
    assertThat(scene.runs(agent).get(0).path("status").asText()).isEqualTo("succeeded");
    assertThat(scene.status(issue)).isEqualTo("done");
    assertThat(scene.server.requests().matching("POST", ".*/cost-events")).hasSize(1);
  }

  @Test
  void a_wake_while_the_host_ends_is_settled_as_later_and_not_failed() {
    HeldWorker work = new HeldWorker();
    String agent = scene.addAgent("Wren", work, access, "http", settings());
    scene.start();
    String first = scene.createAssignedIssue("First", agent);
    work.awaitStarted();
    var drained = scene.host().drain(Duration.ofSeconds(20));

    String second = scene.createAssignedIssue("Second", agent);

    HostFixture.waitUntil("the second rests", () -> scene.status(second).equals("in_review"));
    assertThat(HostFixture.await(scene.embeddedBoard.readIssue(second)).path("monitorNextCheckAt").isTextual())
        .isTrue();
    work.release();
    HostFixture.await(drained);
    assertThat(scene.status(first)).isEqualTo("done");
    assertThat(scene.runs(agent)).allSatisfy(run -> assertThat(run.path("status").asText()).isEqualTo("succeeded"));
  }

  private Map<String, Object> byName() {
    return Map.of("url", "http://localhost:" + scene.port + "/v1/wakes", "headers",
        Map.of("authorization", "Bearer " + access));
  }

  /** Work that is told to end by the test, and how often it was begun. */
  private static final class LongWork implements Worker {

    private final AtomicInteger begun = new AtomicInteger();
    private final CountDownLatch go = new CountDownLatch(1);

    @Override
    public WorkResult perform(WorkContext context) throws InterruptedException {
      if (begun.incrementAndGet() == 1) {
        go.await();
      }
      return new WorkResult.Done("Done after all.");
    }
  }

  /** Takes 20 s of real time: what the adapter waits for a host that is given by its name, less what settling takes. */
  private String parked(LongWork work) {
    String agent = scene.addAgent("Wren", work, access, "http", byName());
    scene.start();
    String issue = scene.createAssignedIssue("Long", agent);
    HostFixture.waitUntil("the issue rests", () -> scene.status(issue).equals("in_review"));
    assertThat(scene.awaitEndedRun(agent).path("status").asText()).isEqualTo("succeeded");
    return issue;
  }

  @Test
  void work_that_needs_longer_than_paperclip_waits_for_a_named_host_goes_on_and_ends_in_one_done() {
    LongWork work = new LongWork();
    String issue = parked(work);

    work.go.countDown();

    HostFixture.waitUntil("it is done", () -> scene.status(issue).equals("done"));
    assertThat(scene.agentComments(issue)).hasSize(2).last().isEqualTo("Done after all.");
    assertThat(work.begun).hasValue(1);
  }

  @Test
  void a_persons_comment_while_the_work_goes_on_is_read_before_the_issue_is_closed() {
    LongWork work = new LongWork();
    String issue = parked(work);
    HostFixture.await(scene.embeddedBoard.addComment(issue, "And a second page, please."));

    work.go.countDown();

    HostFixture.waitUntil("it is done", () -> scene.status(issue).equals("done"));
    assertThat(work.begun).hasValue(2);
    assertThat(scene.agentComments(issue).toString()).contains("From an earlier run that could not report");
  }

  @Test
  void a_wake_without_the_agents_key_or_without_a_run_is_refused() {
    scene.addAgent("Wren", context -> new WorkResult.Done("never"), access, "http", settings());
    scene.start();

    assertThat(post("x".repeat(40), "{}").status()).isEqualTo(401);
    assertThat(post(access, "{}").status()).isEqualTo(400);
    assertThat(post(access, "no JSON").status()).isEqualTo(400);
    assertThat(post(access, "{\"runId\":\"" + UUID.randomUUID() + "\"}").status()).isEqualTo(403);
  }

  @Test
  void a_wake_that_is_too_long_is_refused_before_its_body_is_sent() throws IOException {
    scene.addAgent("Wren", context -> new WorkResult.Done("never"), access, "http", settings());
    scene.start();

    try (Socket caller = new Socket(InetAddress.getLoopbackAddress(), scene.port)) {
      caller.getOutputStream().write(("POST /v1/wakes HTTP/1.1\r\nHost: 127.0.0.1:" + scene.port
          + "\r\nAuthorization: Bearer " + access + "\r\nContent-Type: application/json\r\nContent-Length: "
          + (2 << 20) + "\r\n\r\n").getBytes(US_ASCII));

      assertThat(new BufferedReader(new InputStreamReader(caller.getInputStream(), US_ASCII)).readLine())
          .startsWith("HTTP/1.1 413");
    }
  }

  private HostFixture.HttpReply post(String bearer, String body) {
    return scene.request(HttpMethod.POST, "/v1/wakes", bearer, Map.of(), body);
  }

  private Map<String, Object> settings() {
    return Map.of("url", scene.url() + "/v1/wakes", "headers", Map.of("authorization", "Bearer " + access));
  }
}
