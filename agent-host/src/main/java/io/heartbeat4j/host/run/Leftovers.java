package io.heartbeat4j.host.run;

import io.heartbeat4j.heartbeat.Delivery;
import io.heartbeat4j.heartbeat.JournalDelivery;
import io.heartbeat4j.heartbeat.JournalDelivery.Delivered;
import io.heartbeat4j.protocol.Agent;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the agents' journals held when the host started: finished with the agents' keys, whether or not anybody wakes them.
 * A run that is still live finishes its own issue, so an agent's turn comes when none of its runs is left; runs that come in
 * then wait until it is over. Confined to the host's event loop.
 */
public final class Leftovers {

  private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

  private final Set<String> owners;
  private final JournalDelivery delivery;
  private final Lanes lanes;
  private final Runs runs;
  private final Context loop;

  /** @param owners the ids of the agents whose journals held something, before any run of this host */
  public Leftovers(Set<String> owners, JournalDelivery delivery, Lanes lanes, Runs runs, Context loop) {
    this.owners = Set.copyOf(owners);
    this.delivery = delivery;
    this.lanes = lanes;
    this.runs = runs;
    this.loop = loop;
  }

  /** Completes when each of these agents has had its turn; what can't be finished now is said and stays. Never fails. */
  public Future<Void> finish(Collection<HostedAgent> agents) {
    return Future.join(agents.stream().filter(this::mayOwn).map(this::finish).toList()).otherwiseEmpty().mapEmpty();
  }

  private boolean mayOwn(HostedAgent agent) {
    return !owners.isEmpty() && agent.configuration().id().map(id -> owners.contains(id.toString())).orElse(true);
  }

  private Future<Void> finish(HostedAgent agent) {
    List<Future<Ending>> live =
        runs.live().stream().filter(run -> run.agent() == agent).map(HostedRun::over).toList();
    return live.isEmpty()
        ? agent.alone(() -> deliver(agent))
        : Future.join(live).transform(over -> finish(agent));
  }

  private Future<Void> deliver(HostedAgent agent) {
    return agent.session().me()
        .compose(self -> owners.contains(self.id().toString())
            ? lanes.on(agent.name(), loop, () -> deliver(agent, self))
            : Future.succeededFuture(List.<Delivered>of()))
        .onSuccess(all -> all.forEach(each -> LOG.info("{}: {}, left by an earlier host: {}", agent.name(), each.label(),
            words(each.delivery()))))
        .onFailure(failure -> LOG.warn("{}: what an earlier host has left waits for the agent's next heartbeat: {}",
            agent.name(), failure.getMessage()))
        .mapEmpty();
  }

  private Future<List<Delivered>> deliver(HostedAgent agent, Agent self) {
    return delivery.deliver(agent.server(), agent.key(), self, agent.memory(self.id(), self.companyId()));
  }

  private static String words(Delivery delivery) {
    return switch (delivery) {
      case Delivery.Settled settled -> "settled: " + settled.how();
      case Delivery.Summoned summoned -> "the server has started run " + summoned.run() + " for it";
      case Delivery.Left left -> "still pending: " + left.why();
    };
  }
}
