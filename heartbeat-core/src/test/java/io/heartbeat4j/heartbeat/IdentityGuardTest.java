package io.heartbeat4j.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.client.Unauthorized;
import io.heartbeat4j.embedded.InProcessWake;
import io.heartbeat4j.heartbeat.outcome.HeartbeatException;
import io.heartbeat4j.heartbeat.outcome.HeartbeatOutcome;
import io.heartbeat4j.heartbeat.wake.EnvironmentWakeReader;
import io.heartbeat4j.protocol.HeartbeatRun;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.worker.WorkResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Before anything is written, agent, company, token and run must belong together. */
class IdentityGuardTest {

  private final HeartbeatFixture fixture = new HeartbeatFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  /** A live run of a new agent on a new issue, held open by the test. */
  private InProcessWake liveRun(String name) {
    String agent = fixture.agent(name, context -> new WorkResult.Done("never"));
    Promise<InProcessWake> woken = Promise.promise();
    fixture.server.setWakeHandler(agent, wake -> {
      woken.tryComplete(wake);
      return Promise.<Integer>promise().future();
    });
    fixture.assigned("For " + name, agent);
    return HeartbeatFixture.await(woken.future());
  }

  private Future<HeartbeatOutcome> beatWith(InProcessWake wake, Map<String, String> changed) {
    Map<String, String> environment = new HashMap<>(wake.environment());
    environment.putAll(changed);
    return fixture.beat(wake.agentId(), environment);
  }

  private void refused(Future<HeartbeatOutcome> beat, String words) {
    assertThatThrownBy(() -> HeartbeatFixture.await(beat)).isInstanceOf(HeartbeatException.class)
        .hasMessageContaining(words);
    assertThat(fixture.server.requests().all()).allSatisfy(request -> assertThat(request.method()).isEqualTo("GET"));
  }

  @Test
  void another_agents_run_is_refused_though_the_server_would_take_it() {
    InProcessWake mine = liveRun("Wren");
    InProcessWake theirs = liveRun("Pia");
    String key = HeartbeatFixture.await(fixture.embeddedBoard.createKey(mine.agentId()));

    refused(beatWith(mine, Map.of("PAPERCLIP_API_KEY", key, "PAPERCLIP_RUN_ID", theirs.runId())),
        "not " + mine.agentId());
  }

  @Test
  void a_run_that_the_caller_has_read_is_not_asked_for_again_and_guarded_just_the_same() {
    InProcessWake mine = liveRun("Wren");
    InProcessWake theirs = liveRun("Pia");
    Map<String, String> environment = new HashMap<>(mine.environment());
    environment.put("PAPERCLIP_API_KEY", HeartbeatFixture.await(fixture.embeddedBoard.createKey(mine.agentId())));
    HeartbeatRun read = HeartbeatFixture
        .await(fixture.client.session(AgentToken.of(mine.token())).run(RunId.of(theirs.runId())));
    int asked = fixture.server.requests().matching("GET", "/api/heartbeat-runs/.*").size();

    refused(fixture.beat(mine.agentId(), () -> EnvironmentWakeReader.read(environment).withRun(read)),
        "not " + mine.agentId());
    assertThat(fixture.server.requests().matching("GET", "/api/heartbeat-runs/.*")).hasSize(asked);
  }

  @Test
  void an_agent_that_this_process_has_just_beaten_for_is_not_asked_for_again_and_guarded_just_the_same() {
    InProcessWake mine = liveRun("Wren");
    InProcessWake theirs = liveRun("Pia");
    String key = HeartbeatFixture.await(fixture.embeddedBoard.createKey(mine.agentId()));
    assertThat(HeartbeatFixture.await(beatWith(mine, Map.of("PAPERCLIP_API_KEY", key))))
        .isInstanceOf(HeartbeatOutcome.Settled.class);
    int requests = fixture.server.requests().all().size();

    assertThatThrownBy(() -> HeartbeatFixture.await(
        beatWith(mine, Map.of("PAPERCLIP_API_KEY", key, "PAPERCLIP_RUN_ID", theirs.runId()))))
        .isInstanceOf(HeartbeatException.class).hasMessageContaining("not " + mine.agentId());

    assertThat(fixture.server.requests().matching("GET", "/api/agents/me")).hasSize(1);
    assertThat(fixture.server.requests().all()).hasSize(requests + 1).last()
        .satisfies(request -> assertThat(request.path()).isEqualTo("/api/heartbeat-runs/" + theirs.runId()));
  }

  @Test
  void a_token_of_another_run_is_refused_before_anything_is_sent() {
    InProcessWake mine = liveRun("Wren");
    InProcessWake theirs = liveRun("Pia");

    refused(beatWith(mine, Map.of("PAPERCLIP_API_KEY", theirs.token())), "is the token of agent " + theirs.agentId());
    assertThat(fixture.server.requests().all()).isEmpty();
  }

  @Test
  void a_key_of_another_agent_is_refused() {
    InProcessWake mine = liveRun("Wren");
    InProcessWake theirs = liveRun("Pia");
    String key = HeartbeatFixture.await(fixture.embeddedBoard.createKey(theirs.agentId()));

    refused(beatWith(mine, Map.of("PAPERCLIP_API_KEY", key)), "the token is agent " + theirs.agentId() + "'s");
  }

  @Test
  void another_company_is_refused() {
    InProcessWake mine = liveRun("Wren");
    String key = HeartbeatFixture.await(fixture.embeddedBoard.createKey(mine.agentId()));

    refused(beatWith(mine, Map.of("PAPERCLIP_API_KEY", key, "PAPERCLIP_COMPANY_ID", UUID.randomUUID().toString())),
        "the agent's company is");
  }

  @Test
  void a_run_that_is_over_is_refused() {
    InProcessWake mine = liveRun("Wren");
    HeartbeatFixture.await(fixture.embeddedBoard.cancelRun(mine.runId()));

    refused(beatWith(mine, Map.of()), "is over");
  }

  @Test
  void a_token_that_does_not_verify_is_told_as_what_it_is() {
    InProcessWake mine = liveRun("Wren");

    assertThatThrownBy(() -> HeartbeatFixture.await(beatWith(mine, Map.of("PAPERCLIP_API_KEY", "not-a-token"))))
        .isInstanceOf(Unauthorized.class);
  }

  @Test
  void a_paused_agent_does_no_work() {
    InProcessWake mine = liveRun("Wren");
    String key = HeartbeatFixture.await(fixture.embeddedBoard.createKey(mine.agentId()));
    HeartbeatFixture.await(fixture.embeddedBoard.pauseAgent(mine.agentId()));

    assertThatThrownBy(() -> HeartbeatFixture.await(beatWith(mine, Map.of("PAPERCLIP_API_KEY", key))))
        .isInstanceOf(HeartbeatException.class).hasMessageContaining("is over");
  }
}
