package io.heartbeat4j.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.heartbeat.work.WorkerSource;
import io.heartbeat4j.host.config.HostLimits;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.Worker;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of workers when the configuration is read again, and when the host ends. */
class ConfigurationReloadTest {

  private final HostFixture scene = new HostFixture();

  @AfterEach
  void close() {
    scene.close();
  }

  private record CountingWorkerSource(Worker worker, AtomicInteger retired) implements WorkerSource {

    static CountingWorkerSource of(Worker worker) {
      return new CountingWorkerSource(worker, new AtomicInteger());
    }

    @Override
    public void retire() {
      retired.incrementAndGet();
    }
  }

  private String agent(CountingWorkerSource worker) {
    String agent = scene.addAgent("Wren", worker.worker());
    use(worker);
    return agent;
  }

  private void use(CountingWorkerSource worker) {
    scene.configure("Wren", wren -> HostFixture.copyOf(wren, wren.key(), worker, wren.pollInterval()));
  }

  @Test
  void a_worker_that_no_agent_has_any_more_is_retired_and_its_running_heartbeat_ends_with_it() {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    CountingWorkerSource old = CountingWorkerSource.of(context -> {
      begun.countDown();
      go.await();
      return new WorkResult.Done("Done by the old one.");
    });
    CountingWorkerSource other = CountingWorkerSource.of(context -> new WorkResult.Done("Done by the new one."));
    String agent = agent(old);
    scene.start();
    String first = scene.createAssignedIssue("First", agent);
    HostFixture.await(begun);
    use(other);

    HostFixture.await(scene.host().reload(scene.configuration()));

    assertThat(old.retired()).hasValue(1);
    assertThat(other.retired()).hasValue(0);
    String second = scene.createAssignedIssue("Second", agent);
    HostFixture.waitUntil("the second is done", () -> scene.status(second).equals("done"));
    assertThat(scene.agentComments(second)).containsExactly("Done by the new one.");
    go.countDown();
    HostFixture.waitUntil("the first is done", () -> scene.status(first).equals("done"));
    assertThat(scene.agentComments(first)).containsExactly("Done by the old one.");
  }

  @Test
  void a_host_that_ends_gives_running_work_the_time_that_was_configured_last() {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    String agent = agent(CountingWorkerSource.of(context -> {
      context.run().cancellation().onRequested(stopped::countDown);
      begun.countDown();
      stopped.await();
      context.run().cancellation().throwIfRequested();
      return new WorkResult.Done("never");
    }));
    scene.limits = draining(Duration.ofHours(1));
    scene.start();
    String issue = scene.createAssignedIssue("Long", agent);
    HostFixture.await(begun);
    scene.limits = draining(Duration.ofMillis(10));
    HostFixture.await(scene.host().reload(scene.configuration()));

    scene.drain();

    assertThat(scene.status(issue)).isNotEqualTo("done");
    assertThat(stopped.getCount()).isZero();
  }

  private static HostLimits draining(Duration patience) {
    return new HostLimits(8, 100, Map.of(), Map.of(), 100, 1 << 20, patience);
  }

  @Test
  void a_worker_that_an_agent_still_has_is_kept_until_the_host_ends() {
    CountingWorkerSource worker = CountingWorkerSource.of(context -> new WorkResult.Done("Done."));
    agent(worker);
    scene.start();

    HostFixture.await(scene.host().reload(scene.configuration()));
    assertThat(worker.retired()).hasValue(0);

    scene.drain(Duration.ofSeconds(5));
    assertThat(worker.retired()).hasValue(1);
  }
}
