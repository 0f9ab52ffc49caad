package io.heartbeat4j.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.host.config.HostLimits;
import io.heartbeat4j.worker.ProviderGate;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.Worker;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Agents of one host that share an account of a provider. */
class ProviderSharingTest {

  private static final String ACCOUNT = "acme/default";

  private final HostFixture scene = new HostFixture();

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void a_quota_that_one_agent_has_found_used_up_is_not_asked_for_by_another() {
    Instant until = Instant.now().plus(Duration.ofHours(1)).truncatedTo(ChronoUnit.SECONDS);
    AtomicInteger asked = new AtomicInteger();
    Worker worker = context -> {
      ProviderGate gate = context.usage().providerGate(ACCOUNT);
      gate.checkOpen();
      asked.incrementAndGet(); // and is told that there is nothing left
      gate.closeUntil(until, "The quota of acme is used up.");
      gate.checkOpen();
      return new WorkResult.Done("never");
    };
    String wren = scene.addAgent("Wren", worker);
    String pia = scene.addAgent("Pia", worker);
    scene.start();

    String first = scene.createAssignedIssue("First", wren);
    HostFixture.waitUntil("the first rests", () -> scene.status(first).equals("in_review"));
    String second = scene.createAssignedIssue("Second", pia);
    HostFixture.waitUntil("the second rests", () -> scene.status(second).equals("in_review"));

    assertThat(asked).hasValue(1);
    assertThat(scene.agentComments(second)).containsExactly("The quota of acme is used up.");
    assertThat(
        Instant.parse(HostFixture.await(scene.embeddedBoard.readIssue(second)).path("monitorNextCheckAt").asText()))
        .isBetween(until, until.plusSeconds(60));
  }

  @Test
  void no_more_runs_on_an_account_at_once_than_it_has_slots() {
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger begun = new AtomicInteger();
    Worker worker = new Worker() {
      @Override
      public WorkResult perform(WorkContext context) throws InterruptedException {
        begun.incrementAndGet();
        go.await();
        return new WorkResult.Done("Done.");
      }

      @Override
      public Optional<String> providerAccount() {
        return Optional.of(ACCOUNT);
      }
    };
    String wren = scene.addAgent("Wren", worker);
    String pia = scene.addAgent("Pia", worker);
    scene.limits = new HostLimits(8, 100, Map.of(), Map.of(ACCOUNT, 1), 100, 1 << 20, Duration.ofSeconds(5));
    scene.start();
    String first = scene.createAssignedIssue("First", wren);
    HostFixture.waitUntil("the first has begun", () -> begun.get() == 1);

    String second = scene.createAssignedIssue("Second", pia);

    HostFixture.waitUntil("the second waits", () -> scene.runs(pia).stream().anyMatch(run -> "queued".equals(
        scene.get("/v1/runs/" + run.path("id").asText(), scene.accessKey("Pia")).body().getString("status"))));
    assertThat(begun).hasValue(1);
    go.countDown();
    HostFixture.waitUntil("both are done",
        () -> scene.status(first).equals("done") && scene.status(second).equals("done"));
  }
}
