package io.heartbeat4j.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.host.config.AgentConfiguration;
import io.heartbeat4j.worker.WorkResult;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Agents that look for work by themselves, and a configuration that changes. */
class InboxPollerTest {

  private final HostFixture scene = new HostFixture();
  private final AtomicInteger calls = new AtomicInteger();

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void work_that_lies_in_the_inbox_is_found_and_an_empty_inbox_starts_no_run() {
    String agent = agentWithTimer();
    HostFixture.await(scene.embeddedBoard.pauseAgent(agent));
    String issue = scene.createAssignedIssue("Nobody was woken for this", agent);
    HostFixture.await(scene.embeddedBoard.resumeAgent(agent));
    scene.start();

    HostFixture.waitUntil("the issue is done", () -> scene.status(issue).equals("done"));

    int looks = scene.server.requests().matching("GET", ".*/inbox-lite").size();
    HostFixture.waitUntil("more looks were taken",
        () -> scene.server.requests().matching("GET", ".*/inbox-lite").size() > looks + 3);
    assertThat(scene.runs(agent)).hasSize(1);
    assertThat(calls).hasValue(1);
  }

  @Test
  void a_reload_adds_agents_and_takes_timers_away_without_a_restart() {
    String agent = agentWithTimer();
    scene.start();
    HostFixture.waitUntil("it looks", () -> !scene.server.requests().matching("GET", ".*/inbox-lite").isEmpty());
    String late = scene.addAgent("Late", context -> new WorkResult.Done("Done by the late one."));
    scene.configure("Wren", wren -> with(wren, Optional.empty()));

    HostFixture.await(scene.host().reload(scene.configuration()));

    String issue = scene.createAssignedIssue("For the late one", late);
    HostFixture.waitUntil("the issue is done", () -> scene.status(issue).equals("done"));
    int looks = scene.server.requests().matching("GET", ".*/inbox-lite").size();
    String other = scene.createAssignedIssue("For Wren", agent);
    HostFixture.waitUntil("the other issue is done", () -> scene.status(other).equals("done"));
    assertThat(scene.server.requests().matching("GET", ".*/inbox-lite").size()).isLessThanOrEqualTo(looks + 1);
  }

  private String agentWithTimer() {
    String agent = scene.addAgent("Wren", context -> {
      calls.incrementAndGet();
      return new WorkResult.Done("Done.");
    });
    scene.configure("Wren", wren -> with(wren, Optional.of(Duration.ofMillis(50))));
    return agent;
  }

  private static AgentConfiguration with(AgentConfiguration agent, Optional<Duration> timer) {
    return HostFixture.copyOf(agent, agent.key(), agent.worker(), timer);
  }
}
