package io.heartbeat4j.host;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import com.google.inject.util.Modules;
import io.heartbeat4j.client.ClientOptions;
import io.heartbeat4j.client.PaperclipClient;
import io.heartbeat4j.heartbeat.Heartbeat;
import io.heartbeat4j.heartbeat.policy.HeartbeatLimits;
import io.heartbeat4j.heartbeat.HeartbeatModule;
import io.heartbeat4j.heartbeat.memory.AgentMemory;
import io.heartbeat4j.heartbeat.recovery.OfflineRecovery;
import io.heartbeat4j.heartbeat.wal.WriteAheadLog;
import io.heartbeat4j.heartbeat.work.ProviderGateRegistry;
import io.heartbeat4j.heartbeat.work.WorkerSource;
import io.heartbeat4j.host.config.HostConfiguration;
import io.heartbeat4j.host.config.WorkerProfile;
import io.heartbeat4j.host.http.AdapterChecks;
import io.heartbeat4j.host.http.AdapterRunStarter;
import io.heartbeat4j.host.http.ExternalAdapterRoutes;
import io.heartbeat4j.host.http.UnfollowedRuns;
import io.heartbeat4j.host.http.GatewayAdapterRoutes;
import io.heartbeat4j.host.http.HttpAdapterRoutes;
import io.heartbeat4j.host.http.WakeCommandRoutes;
import io.heartbeat4j.host.observability.LivePageModel;
import io.heartbeat4j.host.observability.OperatorRoutes;
import io.heartbeat4j.host.observability.PrometheusMetrics;
import io.heartbeat4j.host.observability.ReadinessProbe;
import io.heartbeat4j.host.observability.ServerOutages;
import io.heartbeat4j.host.observability.TraceExporter;
import io.heartbeat4j.host.run.AdmissionService;
import io.heartbeat4j.host.run.EventLoopPool;
import io.heartbeat4j.host.run.HeartbeatExecutor;
import io.heartbeat4j.host.run.HostedAgent;
import io.heartbeat4j.host.run.InboxPoller;
import io.heartbeat4j.host.run.RunCoordinator;
import io.heartbeat4j.host.run.RunListener;
import io.heartbeat4j.host.run.HostedRun;
import io.heartbeat4j.host.run.RunPhase;
import io.heartbeat4j.host.run.RunResult;
import io.heartbeat4j.host.run.RunStatusWatcher;
import io.heartbeat4j.host.run.StartupAgentCheck;
import io.heartbeat4j.host.run.StartupJournalRecovery;
import io.heartbeat4j.host.run.TimerOwnership;
import io.heartbeat4j.host.store.HostStorage;
import io.heartbeat4j.protocol.CompanyId;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.storage.Storage;
import io.heartbeat4j.storage.StorageSession;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The host's event loop: creates and connects the parts; everything but heartbeats runs here. */
final class HostVerticle extends VerticleBase {

  private static final Logger LOG = LoggerFactory.getLogger(HostVerticle.class);
  private static final long RECOVERY_RETRY_MILLIS = 2_000;
  private static final long TAKEOVER_MILLIS = 2_000;
  private static final int MAX_CONNECTIONS = 64;
  private static final Duration TOLERATED_SILENCE = Duration.ofMinutes(1);
  private static final Duration SERVER_CHECK_INTERVAL = Duration.ofSeconds(10);
  private static final int EVENT_LOOPS = Runtime.getRuntime().availableProcessors();

  private final HostDependencies dependencies;
  private final AgentRegistry agents;
  private final ProviderGateRegistry gates;
  private final PrometheusMetrics prometheusMetrics = new PrometheusMetrics();
  private final LivePageModel livePage = new LivePageModel();
  private HostConfiguration configuration;
  private @Nullable ServerOutages serverOutages;
  private @Nullable StartupAgentCheck agentCheck;
  private @Nullable InboxPoller inboxPoller;
  private @Nullable AdmissionService admissionService;
  private @Nullable RunStatusWatcher runStatusWatcher;
  private @Nullable StartupJournalRecovery startupRecovery;
  private @Nullable TraceExporter traceExporter;
  private @Nullable StorageSession storage;
  private volatile @Nullable RunCoordinator runCoordinator;
  private volatile int port;

  HostVerticle(HostConfiguration configuration, HostDependencies hostDependencies) {
    this.configuration = configuration;
    this.dependencies = hostDependencies;
    this.gates = new ProviderGateRegistry(hostDependencies.clock(), hostDependencies.random());
    this.agents = new AgentRegistry(
        url -> PaperclipClient.connect(
            vertx, url, ClientOptions.defaults().withPoolSize(MAX_CONNECTIONS).withEventLoops(EVENT_LOOPS + 1)), // and the host's own
        gates);
  }

  Context eventLoop() {
    return context;
  }

  int port() {
    return port;
  }

  @Override
  public Future<?> start() {
    serverOutages = new ServerOutages(vertx, dependencies.clock(), agents::servers, TOLERATED_SILENCE,
        SERVER_CHECK_INTERVAL, livePage::serversDown);
    RunStatusWatcher watch = new RunStatusWatcher(vertx);
    runStatusWatcher = watch;
    List<RunListener> listeners = new ArrayList<>(dependencies.listeners());
    listeners.addAll(List.of(watch, prometheusMetrics, livePage, new RunListener() {
      @Override
      public void ended(HostedRun run, RunResult result) {
        if (run.isDetached() && result.phase() == RunPhase.FAILED) { // another run has to deliver what the log keeps
          Objects.requireNonNull(startupRecovery, "the host has started").recover(List.of(run.agent()));
        }
      }
    }));
    configuration.tracing().ifPresent(to -> {
      TraceExporter sent = new TraceExporter(vertx, to, dependencies.random());
      traceExporter = sent;
      listeners.add(sent);
    });
    return openStorage().compose(opened -> {
      storage = opened;
      agents.update(configuration, opened);
      return start(opened, watch, listeners)
          .recover(failed -> opened.close().transform(closed -> Future.failedFuture(failed)));
    });
  }

  private Future<?> start(StorageSession opened, RunStatusWatcher watch, List<RunListener> listeners) {
    Injector core = coreInjector();
    return EventLoopPool.open(vertx, EVENT_LOOPS).compose(eventLoops -> {
      RunCoordinator runs = RunCoordinator.over(opened, configuration.storageLocation(), configuration.stateDirectory(),
          context, dependencies.clock(),
          configuration.limits(),
          new HeartbeatExecutor(core.getInstance(Heartbeat.class), eventLoops, dependencies.redactor(),
              dependencies.clock(), core.getInstance(HeartbeatLimits.class).patience(), dependencies.exitCodes()),
          listeners);
      runCoordinator = runs;
      admissionService = runs.admissionService();
      startupRecovery = new StartupJournalRecovery(opened, core.getInstance(OfflineRecovery.class), eventLoops, runs,
          context);
      watch.attach(runs, this::requestReleased);
      prometheusMetrics.registerGauges(runs, agents::all, serverOutages(), () -> countLogEntries(opened));
      opened.onClaimsLost(() -> context.runOnContext(lost -> {
        LOG.error("this host was out of touch with its storage for longer than its lease: its runs are stopped, and"
            + " other hosts take them over");
        runs.abandonAll();
      }));
      return listen(runs);
    }).onSuccess(listening -> {
      recover();
      serverOutages().watch();
      agentCheck = new StartupAgentCheck(vertx);
      agentCheck.check(agents.all());
      inboxPoller = new InboxPoller(vertx, dependencies.random(), new TimerOwnership(opened));
      inboxPoller.setAgents(agents.all());
      if (opened.isShared()) {
        takeOverLater();
      }
    });
  }

  private Future<StorageSession> openStorage() {
    return configuration.store()
        .map(url -> HostStorage.openShared(url, dependencies.environment(), dependencies.redactor()))
        .orElseGet(() -> HostStorage.openFiles(vertx, configuration.stateDirectory(), dependencies.clock()));
  }

  /** The entries in the write-ahead logs of the agents that have been woken. */
  private Future<Long> countLogEntries(Storage opened) {
    List<Future<List<String>>> entries = agents.all().stream()
        .flatMap(agent -> agent.knownIdentity().stream().map(self -> opened.list(
            AgentMemory.folder(agent.server().url(), self.company(), self.id()) + "/" + WriteAheadLog.FOLDER)))
        .toList();
    return Future.join(entries).map(all -> entries.stream().mapToLong(each -> each.result().size()).sum());
  }

  /** Takes over the runs of hosts that are gone, as soon as their leases have ended. */
  private void takeOverLater() {
    vertx.setTimer(TAKEOVER_MILLIS, due -> {
      if (!runCoordinator().isDraining()) {
        admissionService().resume(agents.byName())
            .onFailure(failed -> LOG.warn("the runs of other hosts can't be looked at: {}", failed.getMessage()))
            .onComplete(done -> takeOverLater());
      }
    });
  }

  private Injector coreInjector() {
    Module standard = new HeartbeatModule(vertx, dependencies.clock(), dependencies.redactor(),
        event -> runCoordinator().eventRouter().on(event));
    return Guice.createInjector(Modules.override(standard).with(dependencies.policies()));
  }

  private Future<?> listen(RunCoordinator open) {
    HttpServerFactory httpServerFactory = new HttpServerFactory(vertx, configuration.httpServer(),
        configuration.limits());
    int bodyBytes = configuration.limits().bodyBytes();
    AdapterRunStarter starter = new AdapterRunStarter(vertx, admissionService(), open, () -> configuration.profiles(),
        agents);
    ExternalAdapterRoutes adapter = new ExternalAdapterRoutes(starter, admissionService(), open,
        () -> configuration.profiles(), gates, new AdapterChecks(vertx, starter, agents, gates),
        new UnfollowedRuns(vertx, UnfollowedRuns.PATIENCE, open::postponeUnfollowed), bodyBytes);
    Future<?> http = httpServerFactory.listenOnTcp((router, connections) -> {
      new GatewayAdapterRoutes(admissionService(), open, agents::accessKeys, connections::onAgentKey).mount(router);
      new HttpAdapterRoutes(admissionService(), open, agents::accessKeys, connections::onAgentKey, bodyBytes)
          .mount(router);
      configuration.httpServer().adapterKey()
          .ifPresent(key -> adapter.mount(router, Optional.of(key), connections::onAgentKey));
      new OperatorRoutes(open, livePage, prometheusMetrics, agents::all,
          new ReadinessProbe(agents::servers, Objects.requireNonNull(storage, "opened before")), serverOutages(),
          configuration.httpServer().viewKey(), connections::onViewKey).mount(router);
    }).onSuccess(server -> port = server.actualPort());
    Future<?> socket = configuration.httpServer().socket()
        .<Future<?>>map(path -> httpServerFactory.listenOnUnixSocket(path,
            router -> {
              adapter.mount(router, Optional.empty(), connection -> {});
              new WakeCommandRoutes(admissionService(), open, agents::all, bodyBytes).mount(router);
            }))
        .orElseGet(Future::succeededFuture);
    return Future.all(http, socket);
  }

  private void requestReleased(HostedAgent told, IssueId root) {
    InboxPoller poller = inboxPoller;
    Optional<CompanyId> company = told.knownIdentity().map(HostedAgent.AgentIdentity::company);
    if (poller != null && company.isPresent()) {
      agents.all().stream()
          .filter(agent -> agent.server() == told.server()
              && agent.knownIdentity().map(HostedAgent.AgentIdentity::company).equals(company))
          .filter(agent -> agent.key().isPresent())
          .forEach(agent -> poller.requestReleased(agent, root));
    }
  }

  /** Recovers what an earlier host has left, once the server answers. */
  private void recover() {
    admissionService().resume(agents.byName())
        .onSuccess(resumed -> Objects.requireNonNull(startupRecovery, "the host has started").recover(agents.all()))
        .onFailure(unreachable -> {
          LOG.warn("what was left unfinished can't be taken up yet: {}", unreachable.toString());
          vertx.setTimer(RECOVERY_RETRY_MILLIS, again -> recover());
        });
  }

  private ServerOutages serverOutages() {
    return Objects.requireNonNull(serverOutages, "the host has started");
  }

  private RunCoordinator runCoordinator() {
    return Objects.requireNonNull(runCoordinator, "the host has started");
  }

  private AdmissionService admissionService() {
    return Objects.requireNonNull(admissionService, "the host has started");
  }

  Future<Void> reload(HostConfiguration other) {
    Set<WorkerSource> old = configuration.workers();
    List<WorkerProfile> oldProfiles = new ArrayList<>(configuration.profiles().profiles());
    configuration = other;
    agents.update(other, Objects.requireNonNull(storage, "the host has started"));
    runCoordinator().updateLimits(other.limits());
    Objects.requireNonNull(inboxPoller, "the host has started").setAgents(agents.all());
    Objects.requireNonNull(agentCheck, "the host has started").check(agents.all());
    old.removeAll(other.workers());
    oldProfiles.removeAll(other.profiles().profiles());
    return retireWorkers(old, oldProfiles);
  }

  /** Closing a worker may end processes of its own. */
  private Future<Void> retireWorkers(Set<WorkerSource> workers, List<WorkerProfile> profiles) {
    return vertx.executeBlocking(() -> {
      workers.forEach(WorkerSource::retire);
      profiles.forEach(WorkerProfile::retire);
      return null;
    });
  }

  @Override
  public Future<?> stop() {
    if (runStatusWatcher != null) {
      runStatusWatcher.close();
    }
    return storage == null ? Future.succeededFuture() : storage.close();
  }

  Duration drainTimeout() {
    return configuration.limits().drain();
  }

  Future<Void> drain(Duration patience) {
    Objects.requireNonNull(inboxPoller, "the host has started").setAgents(List.of());
    runCoordinator().drain();
    long limit = vertx.setTimer(Math.max(1, patience.toMillis()), over -> stopNow());
    return runCoordinator().awaitIdle().onComplete(settled -> vertx.cancelTimer(limit))
        .onComplete(idle -> runCoordinator().close())
        .eventually(() -> retireWorkers(configuration.workers(), configuration.profiles().profiles()))
        .eventually(() -> traceExporter == null ? Future.succeededFuture() : traceExporter.flush());
  }

  void stopNow() {
    runCoordinator().stopNow();
  }
}
