package io.heartbeat4j.heartbeat.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.heartbeat.wake.WakeFacts;
import io.heartbeat4j.heartbeat.wake.WakeRequest;
import io.heartbeat4j.protocol.Agent;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.AgentStatus;
import io.heartbeat4j.protocol.CompanyId;
import io.heartbeat4j.protocol.RunId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentCacheTest {

  private static final AgentId WREN = new AgentId(UUID.randomUUID());
  private static final CompanyId COMPANY = new CompanyId(UUID.randomUUID());

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final AgentCache known = new AgentCache(((InstantSource) () -> now).withZone(ZoneOffset.UTC));

  @Test
  void an_agent_is_known_for_half_a_minute() {
    WakeRequest request = call("http://one", "a-key");
    Agent wren = wren(AgentStatus.RUNNING, 0);
    assertThat(known.find(request)).isEmpty();

    known.update(request, wren);

    assertThat(known.find(request)).contains(wren);
    now = now.plus(AgentCache.MAX_AGE);
    assertThat(known.find(request)).contains(wren);
    now = now.plusMillis(1);
    assertThat(known.find(request)).isEmpty();
  }

  @Test
  void another_key_and_another_server_have_to_ask() {
    known.update(call("http://one", "a-key"), wren(AgentStatus.IDLE, 0));

    assertThat(known.find(call("http://one", "another-key"))).isEmpty();
    assertThat(known.find(call("http://two", "a-key"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"paused", "terminated", "pending_approval"})
  void one_that_rests_is_asked_for_each_time_and_forgotten_as_it_was(String status) {
    WakeRequest request = call("http://one", "a-key");
    known.update(request, wren(AgentStatus.RUNNING, 0));

    known.update(request, wren(new AgentStatus(status), 0));

    assertThat(known.find(request)).isEmpty();
  }

  @Test
  void what_is_left_of_a_budget_is_asked_for_each_time() {
    WakeRequest request = call("http://one", "a-key");

    known.update(request, wren(AgentStatus.RUNNING, 100));

    assertThat(known.find(request)).isEmpty();
  }

  @Test
  void a_token_that_is_for_one_run_only_is_not_kept() {
    String claims = "{\"iss\":\"paperclip\",\"exp\":1893456000,\"sub\":\"" + WREN + "\",\"company_id\":\"" + COMPANY
        + "\",\"run_id\":\"" + UUID.randomUUID() + "\"}";
    WakeRequest request = call("http://one", "head."
        + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(StandardCharsets.UTF_8))
        + ".signature");
    assertThat(request.token().claims()).isPresent();

    known.update(request, wren(AgentStatus.RUNNING, 0));

    assertThat(known.find(request)).isEmpty();
  }

  private static WakeRequest call(String server, String token) {
    return new WakeRequest(ServerUrl.of(server), AgentToken.of(token), WREN, COMPANY, new RunId(UUID.randomUUID()),
        WakeFacts.NONE,
        List.of());
  }

  private static Agent wren(AgentStatus status, long budget) {
    return new Agent(
        WREN, COMPANY, "Wren", null, null, status, null, null, budget, 0, null, null, List.of(), null, null);
  }
}
