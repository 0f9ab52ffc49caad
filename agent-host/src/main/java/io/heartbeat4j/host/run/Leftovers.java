package io.heartbeat4j.host.run;

import io.heartbeat4j.heartbeat.recovery.OfflineRecovery;
import io.heartbeat4j.heartbeat.recovery.OfflineRecovery.RecoveredIssue;
import io.heartbeat4j.heartbeat.recovery.RecoveryResult;
import io.heartbeat4j.heartbeat.wal.LogDirectoryScanner;
import io.heartbeat4j.protocol.Agent;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What hosts that are gone have left in the agents' journals: finished with the agents' keys, whether or not anybody wakes
 * them. A run that is still live finishes its own issue, so an agent's turn comes when none of its runs is left; runs that
 * come in then wait until it is over. Confined to the host's event loop.
 */
public final class Leftovers {

  private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

  private final Path journals;
  private final OfflineRecovery delivery;
  private final Lanes lanes;
  private final Runs runs;
  private final Context loop;
  private Future<?> asked = Future.succeededFuture();

  /** @param journals where the agents' journals are */
  public Leftovers(Path journals, OfflineRecovery delivery, Lanes lanes, Runs runs, Context loop) {
    this.journals = journals;
    this.delivery = delivery;
    this.lanes = lanes;
    this.runs = runs;
    this.loop = loop;
  }

  /** Completes when each of these agents has had its turn; what can't be finished now is said and stays. */
  public Future<Void> finish(Collection<HostedAgent> agents) {
    return loop.owner().executeBlocking(() -> LogDirectoryScanner.countByAgent(journals).keySet(), false)
        .onFailure(unreadable -> LOG.warn("what earlier runs have left in {} can't be read", journals, unreadable))
        .compose(owners -> owners.isEmpty() ? Future.succeededFuture() : Future.join(agents.stream()
            .filter(agent -> agent.configuration().id().map(id -> owners.contains(id.toString())).orElse(true))
            .map(agent -> finish(agent, owners)).toList()).mapEmpty());
  }

  private Future<Void> finish(HostedAgent agent, Set<String> owners) {
    List<Future<Ending>> live =
        runs.live().stream().filter(run -> run.agent() == agent).map(HostedRun::over).toList();
    return live.isEmpty()
        ? agent.alone(() -> deliver(agent, owners))
        : Future.join(live).transform(over -> finish(agent, owners));
  }

  private Future<Void> deliver(HostedAgent agent, Set<String> owners) {
    return whoIs(agent)
        .compose(self -> owners.contains(self.id().toString())
            ? lanes.on(agent.name(), loop, () -> deliver(agent, self))
            : Future.succeededFuture(List.<RecoveredIssue>of()))
        .onSuccess(all -> all.forEach(each -> LOG.info("{}: {}, left by an earlier host: {}", agent.name(), each.label(),
            words(each.result()))))
        .onFailure(failure -> LOG.warn("{}: what an earlier host has left waits for the agent's next heartbeat: {}",
            agent.name(), failure.getMessage()))
        .mapEmpty();
  }

  /** One after the other: where thousands have no id configured, their heartbeats' requests would wait behind these. */
  private Future<Agent> whoIs(HostedAgent agent) {
    Future<Agent> self = asked.transform(before -> agent.session().me());
    asked = self;
    return self;
  }

  private Future<List<RecoveredIssue>> deliver(HostedAgent agent, Agent self) {
    return delivery.recover(agent.server(), agent.key(), self, agent.memory(self.id(), self.companyId()));
  }

  private static String words(RecoveryResult delivery) {
    return switch (delivery) {
      case RecoveryResult.Settled settled -> "settled: " + settled.how();
      case RecoveryResult.RunRequested summoned -> "the server has started run " + summoned.run() + " for it";
      case RecoveryResult.Pending left -> "still pending: " + left.why();
    };
  }
}
