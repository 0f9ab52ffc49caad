package io.heartbeat4j.host.run;

import io.heartbeat4j.client.PermanentFailure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the server for every agent of the host, one after the other, so that a wrong key is told before the first wake
 * is lost. The host works meanwhile. Agents of a server that can't be asked are asked again later. Confined to the
 * host's event loop.
 */
public final class StartupAgentCheck {

  private static final Logger LOG = LoggerFactory.getLogger(StartupAgentCheck.class);
  private static final long RETRY_MILLIS = 30_000;

  private final Vertx vertx;
  private long latest;

  public StartupAgentCheck(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Checks those of these agents that have a key; a check that is still under way ends. */
  public void check(Collection<HostedAgent> agents) {
    latest++;
    checkNext(latest, new ArrayDeque<>(agents), new ArrayDeque<>());
  }

  private void checkNext(long check, Queue<HostedAgent> left, Queue<HostedAgent> unanswered) {
    HostedAgent agent = left.poll();
    if (check != latest) {
      return;
    }
    if (agent == null) {
      if (!unanswered.isEmpty()) {
        vertx.setTimer(RETRY_MILLIS, due -> checkNext(check, unanswered, new ArrayDeque<>()));
      }
      return;
    }
    agent.key().<Future<?>>map(key -> AgentCheck.ask(agent.server(), agent.configuration(), key)
        .onSuccess(checked -> tell(agent, checked))
        .onFailure(failure -> {
          if (failure instanceof PermanentFailure) {
            LOG.warn("agent {} could not be checked: {}", agent.name(), failure.getMessage());
          } else {
            unanswered.add(agent);
          }
        }))
        .orElseGet(Future::succeededFuture)
        .onComplete(asked -> checkNext(check, left, unanswered));
  }

  private static void tell(HostedAgent agent, AgentCheck checked) {
    agent.setProblem(checked.problem());
    checked.problem().ifPresent(problem -> LOG.error("agent {} can't work: {}", agent.name(), problem));
  }
}
