package io.heartbeat4j.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.client.Scheduler;
import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.embedded.EmbeddedOptions;
import io.heartbeat4j.embedded.rules.ServerBehaviorOptions;
import io.heartbeat4j.heartbeat.memory.AgentMemory;
import io.heartbeat4j.heartbeat.outcome.WorkOutcome;
import io.heartbeat4j.heartbeat.wal.WriteAheadLogFactory;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.CompanyId;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.storage.FileStorage;
import io.heartbeat4j.worker.WorkResult;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A host that starts where an earlier one was killed before it had told what it had decided. */
class StartupJournalRecoveryTest {

  private static final Duration NEVER = Duration.ofHours(1);

  private final HostFixture scene = new HostFixture(EmbeddedOptions.defaults().behavior(ServerBehaviorOptions.defaults()
      .missingCommentDelay(NEVER).handoffDelay(NEVER).reconciliationDelay(Duration.ZERO)));
  private final AtomicInteger worked = new AtomicInteger();

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void what_was_decided_is_told_at_the_start_although_nobody_wakes_the_agent() {
    String agent = agent("Wren");
    String issue = decided(agent, 137); // the server takes the run for failed, and starts no other

    scene.start();

    HostFixture.waitUntil("the issue is settled", () -> scene.status(issue).equals("done"));
    assertThat(scene.agentComments(issue)).containsExactly("What I found.");
    assertThat(worked).hasValue(0);
    assertThat(scene.runs(agent)).hasSize(1);
  }

  @Test
  void a_run_that_the_server_starts_for_it_comes_in_and_tells_it() {
    String agent = agent("Wren");
    String issue = decided(agent, 0);

    scene.start();

    HostFixture.waitUntil("the issue is settled", () -> scene.status(issue).equals("done"));
    assertThat(scene.agentComments(issue)).containsExactly("What I found.");
    assertThat(worked).hasValue(0);
    assertThat(scene.runs(agent)).hasSize(2);
  }

  private String agent(String name) {
    return scene.addAgent(name, context -> {
      worked.incrementAndGet();
      return new WorkResult.Done("Worked anew.");
    });
  }

  /** An issue whose run decided and told nothing, before its process ended like this. */
  private String decided(String agent, int exit) {
    scene.server.setWakeHandler(agent, wake -> {
      Clock clock = Clock.systemUTC();
      return new WriteAheadLogFactory(Redactor.of(List.of()), clock)
          .forAgent(AgentMemory.of(new FileStorage(scene.state, Runnable::run, clock), scene.state,
              ServerUrl.of(scene.server.url()),
              CompanyId.of(scene.company),
              AgentId.of(agent), warning -> {}), Scheduler.of(scene.vertx, clock))
          .begin(RunId.of(wake.runId()), IssueId.of(wake.context().path("issueId").asText()), "SCE-1")
          .compose(entry -> entry.recordOutcome(
              new WorkOutcome.Returned(new WorkResult.Done("What I found."), List.of()))
              .compose(noted -> entry.release()))
          .map(exit);
    });
    String issue = scene.createAssignedIssue("Decided", agent);
    HostFixture.waitUntil("its run is over",
        () -> scene.runs(agent).stream().anyMatch(run -> run.path("finishedAt").isTextual()));
    scene.server.removeWakeHandler(agent);
    return issue;
  }
}
