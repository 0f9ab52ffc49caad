package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.heartbeat.wake.WakeRequest;
import io.heartbeat4j.protocol.Agent;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Caches the agent records of recent heartbeats by token, so that the next heartbeat of an agent saves the request
 * (docs/adr/0012).
 *
 * <p>Kept only of agents with a key of their own, that work, and whose month has no budget: how much is left of one,
 * every heartbeat has to know. Thread-safe.
 */
@Singleton
public final class AgentCache {

  /**
   * How long a change of the agent on the board may go unnoticed; the server itself stops the runs of a paused agent.
   */
  static final Duration MAX_AGE = Duration.ofSeconds(30);

  private record Key(ServerUrl server, String token) {}

  private record Read(Agent agent, Instant at) {}

  private final Clock clock;
  private final Map<Key, Read> read = new ConcurrentHashMap<>();

  @Inject
  public AgentCache(Clock clock) {
    this.clock = clock;
  }

  /** The record that was read with this request's token, if it is recent. */
  Optional<Agent> find(WakeRequest request) {
    Read found = read.get(key(request));
    return found == null || found.at().plus(MAX_AGE).isBefore(clock.instant()) ? Optional.empty()
        : Optional.of(found.agent());
  }

  /** Caches the record, or drops the cached one where the agent may not be cached. */
  void update(WakeRequest request, Agent agent) {
    boolean keeps = request.token().claims().isEmpty() && !agent.status().isStopped()
        && agent.budgetMonthlyCents() == 0;
    read.compute(key(request), (same, before) -> keeps ? new Read(agent, clock.instant()) : null);
  }

  private static Key key(WakeRequest request) {
    return new Key(request.server(), request.token().reveal());
  }
}
