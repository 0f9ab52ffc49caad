package io.heartbeat4j.host.run;

import io.heartbeat4j.heartbeat.recovery.OfflineRecovery;
import io.heartbeat4j.heartbeat.recovery.OfflineRecovery.RecoveredIssue;
import io.heartbeat4j.heartbeat.recovery.RecoveryResult;
import io.heartbeat4j.heartbeat.wal.WriteAheadLog;
import io.heartbeat4j.protocol.Agent;
import io.heartbeat4j.storage.Storage;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recovery at start: settles with the agents' keys what earlier hosts have left in the write-ahead logs, without
 * waiting for a wake. A run that is still live settles its own issue, so an agent is recovered once none of its runs is
 * left; new runs wait until then. Confined to the host's event loop.
 */
public final class StartupJournalRecovery {

  private static final Logger LOG = LoggerFactory.getLogger(StartupJournalRecovery.class);

  private final Storage storage;
  private final OfflineRecovery offlineRecovery;
  private final EventLoopPool eventLoops;
  private final RunCoordinator runCoordinator;
  private final Context loop;
  private Future<?> lastIdentification = Future.succeededFuture();

  /** @param storage with the write-ahead logs of all agents */
  public StartupJournalRecovery(Storage storage, OfflineRecovery recovery, EventLoopPool eventLoops,
      RunCoordinator runCoordinator, Context loop) {
    this.storage = storage;
    this.offlineRecovery = recovery;
    this.eventLoops = eventLoops;
    this.runCoordinator = runCoordinator;
    this.loop = loop;
  }

  /** Completes when each of these agents was tried; entries that can't be settled now are logged and stay. */
  public Future<Void> recover(Collection<HostedAgent> agents) {
    return Future.<Set<String>>future(
        promise -> owners().onComplete(found -> loop.runOnContext(now -> promise.handle(found))))
        .onFailure(unreadable -> LOG.warn("what earlier runs have left can't be read", unreadable))
        .compose(owners -> owners.isEmpty() ? Future.succeededFuture()
            : Future.join(agents.stream()
                .filter(agent -> agent.key().isPresent())
                .filter(agent -> agent.configuration().id().map(id -> owners.contains(id.toString())).orElse(true))
                .map(agent -> recover(agent, owners)).toList()).mapEmpty());
  }

  /** The ids of the agents that have log entries, from the folders {@code <server>/<company>/<agent>/journal}. */
  private Future<Set<String>> owners() {
    return subfolders(List.of("")).compose(this::subfolders).compose(this::subfolders).compose(agents -> {
      Set<String> owners = ConcurrentHashMap.newKeySet();
      return Future.join(agents.stream().map(agent -> storage.list(agent + "/" + WriteAheadLog.FOLDER)
          .onSuccess(entries -> {
            if (!entries.isEmpty()) {
              owners.add(agent.substring(agent.lastIndexOf('/') + 1));
            }
          })).toList()).map(owners);
    });
  }

  private Future<List<String>> subfolders(List<String> folders) {
    List<Future<List<String>>> found = folders.stream().map(storage::folders).toList();
    return Future.join(found).map(all -> found.stream().flatMap(each -> each.result().stream())
        .filter(folder -> !folder.startsWith("_")).toList());
  }

  private Future<Void> recover(HostedAgent agent, Set<String> owners) {
    List<Future<RunResult>> live = runCoordinator.live().stream().filter(run -> run.agent() == agent)
        .map(HostedRun::completion).toList();
    return live.isEmpty()
        ? agent.runExclusively(() -> recoverAgent(agent, owners))
        : Future.join(live).transform(over -> recover(agent, owners));
  }

  private Future<Void> recoverAgent(HostedAgent agent, Set<String> owners) {
    return identify(agent)
        .compose(self -> owners.contains(self.id().toString())
            ? eventLoops.runOnAgentLoop(agent.name(), loop, () -> recoverAgent(agent, self))
            : Future.succeededFuture(List.<RecoveredIssue>of()))
        .onSuccess(
            all -> all.forEach(each -> LOG.info("{}: {}, left by an earlier host: {}", agent.name(), each.label(),
                describe(each.result()))))
        .onFailure(failure -> LOG.warn("{}: what an earlier host has left waits for the agent's next heartbeat: {}",
            agent.name(), failure.getMessage()))
        .mapEmpty();
  }

  /** Sequential: with thousands of agents without a configured id, heartbeats' requests would queue behind these. */
  private Future<Agent> identify(HostedAgent agent) {
    Future<Agent> self = lastIdentification.transform(before -> agent.session().me());
    lastIdentification = self;
    return self;
  }

  private Future<List<RecoveredIssue>> recoverAgent(HostedAgent agent, Agent self) {
    return offlineRecovery.recover(agent.server(), agent.key().orElseThrow(), self,
        agent.memory(self.id(), self.companyId()));
  }

  private static String describe(RecoveryResult delivery) {
    return switch (delivery) {
      case RecoveryResult.Settled settled -> "settled: " + settled.how();
      case RecoveryResult.RunRequested summoned -> "the server has started run " + summoned.run() + " for it";
      case RecoveryResult.Pending left -> "still pending: " + left.why();
    };
  }
}
