package io.heartbeat4j.host;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.multibindings.OptionalBinder;
import com.google.inject.util.Modules;
import io.heartbeat4j.client.ClientOptions;
import io.heartbeat4j.client.PaperclipClient;
import io.heartbeat4j.heartbeat.Heartbeat;
import io.heartbeat4j.heartbeat.HeartbeatModule;
import io.heartbeat4j.heartbeat.event.HeartbeatListener;
import io.heartbeat4j.heartbeat.recovery.OfflineRecovery;
import io.heartbeat4j.heartbeat.work.ProviderGateRegistry;
import io.heartbeat4j.heartbeat.work.WorkerSource;
import io.heartbeat4j.host.cluster.Here;
import io.heartbeat4j.host.cluster.Neighbours;
import io.heartbeat4j.host.config.HostConfiguration;
import io.heartbeat4j.host.http.GatewayAdapterRoutes;
import io.heartbeat4j.host.http.HttpAdapterRoutes;
import io.heartbeat4j.host.http.WakeCommandRoutes;
import io.heartbeat4j.host.observability.LivePageModel;
import io.heartbeat4j.host.observability.OperatorRoutes;
import io.heartbeat4j.host.observability.PrometheusMetrics;
import io.heartbeat4j.host.observability.TraceExporter;
import io.heartbeat4j.host.run.AdmissionService;
import io.heartbeat4j.host.run.EventLoopPool;
import io.heartbeat4j.host.run.HeartbeatExecutor;
import io.heartbeat4j.host.run.HostedAgent;
import io.heartbeat4j.host.run.InboxPoller;
import io.heartbeat4j.host.run.RunCoordinator;
import io.heartbeat4j.host.run.RunListener;
import io.heartbeat4j.host.run.RunStatusWatcher;
import io.heartbeat4j.host.run.StartupJournalRecovery;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.storage.GroupCommitLog;
import io.heartbeat4j.storage.GroupCommitRecovery;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The host's event loop: creates and connects the parts; everything but heartbeats runs here. */
final class HostVerticle extends VerticleBase {

  private static final Logger LOG = LoggerFactory.getLogger(HostVerticle.class);
  private static final long RECOVERY_RETRY_MILLIS = 2_000;
  private static final long OPEN_RETRY_MILLIS = 250;
  private static final int MAX_OPEN_ATTEMPTS = 40;
  private static final int MAX_CONNECTIONS = 64;
  private static final int EVENT_LOOPS = Runtime.getRuntime().availableProcessors();

  private final HostDependencies dependencies;
  private final Neighbours neighbours;
  private final AgentRegistry agents;
  private final PrometheusMetrics prometheusMetrics = new PrometheusMetrics();
  private final LivePageModel livePage = new LivePageModel();
  private HostConfiguration configuration;
  private @Nullable InboxPoller inboxPoller;
  private @Nullable AdmissionService admissionService;
  private @Nullable RunStatusWatcher runStatusWatcher;
  private @Nullable StartupJournalRecovery startupRecovery;
  private @Nullable TraceExporter traceExporter;
  private @Nullable GroupCommitLog ledger;
  private volatile @Nullable RunCoordinator runCoordinator;
  private volatile int port;

  HostVerticle(HostConfiguration configuration, HostDependencies hostDependencies, Neighbours neighbours) {
    this.configuration = configuration;
    this.dependencies = hostDependencies;
    this.neighbours = neighbours;
    this.agents = new AgentRegistry(
        url -> PaperclipClient.connect(
            vertx, url, ClientOptions.defaults().withPoolSize(MAX_CONNECTIONS).withEventLoops(EVENT_LOOPS + 1)), // and the host's own
        new ProviderGateRegistry(hostDependencies.clock(), hostDependencies.random()));
  }

  Context eventLoop() {
    return context;
  }

  int port() {
    return port;
  }

  @Override
  public Future<?> start() {
    agents.update(configuration);
    RunStatusWatcher watch = new RunStatusWatcher(vertx);
    runStatusWatcher = watch;
    List<RunListener> listeners = new ArrayList<>(dependencies.listeners());
    listeners.addAll(List.of(watch, prometheusMetrics, livePage, neighbours));
    configuration.tracing().ifPresent(to -> {
      TraceExporter sent = new TraceExporter(vertx, to, dependencies.random());
      traceExporter = sent;
      listeners.add(sent);
    });
    return openLedger().compose(opened -> {
      ledger = opened;
      return start(opened, watch, listeners)
          .recover(failed -> opened.close().transform(closed -> Future.failedFuture(failed)));
    });
  }

  private Future<?> start(GroupCommitLog opened, RunStatusWatcher watch, List<RunListener> listeners) {
    Injector core = coreInjector(opened);
    return EventLoopPool.open(vertx, EVENT_LOOPS)
        .compose(eventLoops -> openRunCoordinator(
            new HeartbeatExecutor(core.getInstance(Heartbeat.class), eventLoops, dependencies.redactor(),
                dependencies.clock(), dependencies.exitCodes()),
            listeners, configuration.cluster().isPresent() ? MAX_OPEN_ATTEMPTS : 1)
            .compose(all -> {
              runCoordinator = all;
              admissionService = all.admissionService();
              startupRecovery = new StartupJournalRecovery(journalsDirectory(), core.getInstance(OfflineRecovery.class),
                  eventLoops, all, context);
              watch.attach(all);
              prometheusMetrics.registerGauges(all, vertx, journalsDirectory(), opened);
              return listen(all).recover(failed -> all.close().transform(closed -> Future.failedFuture(failed)));
            }))
        .onSuccess(listening -> {
          recover();
          inboxPoller = new InboxPoller(vertx, dependencies.random(), neighbours::isHome);
          inboxPoller.setAgents(agents.all());
          neighbours.open(new Shown());
        });
  }

  private Path journalsDirectory() {
    return HostedAgent.memoryRoot(configuration.stateDirectory());
  }

  /** Opens the group-commit log of live log entries, after those of dead hosts were turned into files. */
  private Future<GroupCommitLog> openLedger() {
    Path journals = journalsDirectory();
    return vertx.executeBlocking(() -> {
      try {
        GroupCommitRecovery.separate(journals);
        return GroupCommitLog.open(journals, write -> vertx.executeBlocking(Executors.callable(write), false));
      } catch (IOException unwritable) {
        throw new UncheckedIOException(
            "the journals in " + journals + " can't be kept: set 'state-dir' to a directory that"
                + " this user can write",
            unwritable);
      }
    }, false);
  }

  /** Another host may be taking over this one's runs at this moment: opening is retried. */
  private Future<RunCoordinator> openRunCoordinator(HeartbeatExecutor executor, List<RunListener> listeners,
      int tries) {
    return vertx.executeBlocking(() -> RunCoordinator.open(context, dependencies.clock(), configuration.runsDirectory(),
        configuration.limits(), executor, listeners, neighbours))
        .recover(taken -> tries == 1 ? Future.failedFuture(taken)
            : vertx.timer(OPEN_RETRY_MILLIS, TimeUnit.MILLISECONDS)
                .compose(again -> openRunCoordinator(executor, listeners, tries - 1)));
  }

  private Injector coreInjector(GroupCommitLog opened) {
    Module standard = new HeartbeatModule(vertx, dependencies.clock(), dependencies.redactor());
    Module listening = new AbstractModule() {
      @Override
      protected void configure() {
        OptionalBinder.newOptionalBinder(binder(), GroupCommitLog.class).setBinding().toInstance(opened);
        Multibinder.newSetBinder(binder(), HeartbeatListener.class).addBinding()
            .toInstance(event -> runCoordinator().on(event));
      }
    };
    return Guice.createInjector(Modules.override(standard).with(dependencies.policies()), listening);
  }

  private Future<?> listen(RunCoordinator open) {
    HttpServerFactory httpServerFactory = new HttpServerFactory(vertx, configuration.httpServer(),
        configuration.limits());
    Future<?> http = httpServerFactory.listenOnTcp(router -> {
      neighbours.mount(router, new Shown());
      new GatewayAdapterRoutes(admissionService(), open, agents::accessKeys).mount(router);
      new HttpAdapterRoutes(admissionService(), open, agents::accessKeys).mount(router);
      new OperatorRoutes(open, livePage, prometheusMetrics, agents::all, agents::servers,
          configuration.httpServer().viewKey()).mount(router);
    }).onSuccess(server -> port = server.actualPort());
    Future<?> socket = configuration.httpServer().socket()
        .<Future<?>>map(path -> httpServerFactory.listenOnUnixSocket(path,
            router -> new WakeCommandRoutes(admissionService(), open, agents::all).mount(router)))
        .orElseGet(Future::succeededFuture);
    return Future.all(http, socket);
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

  private RunCoordinator runCoordinator() {
    return Objects.requireNonNull(runCoordinator, "the host has started");
  }

  private AdmissionService admissionService() {
    return Objects.requireNonNull(admissionService, "the host has started");
  }

  Future<Void> reload(HostConfiguration other) {
    Set<WorkerSource> old = configuration.workers();
    configuration = other;
    agents.update(other);
    runCoordinator().updateLimits(other.limits());
    Objects.requireNonNull(inboxPoller, "the host has started").setAgents(agents.all());
    old.removeAll(other.workers());
    return retireWorkers(old);
  }

  /** Closing a worker may end processes of its own. */
  private Future<Void> retireWorkers(Set<WorkerSource> workers) {
    return vertx.executeBlocking(() -> {
      workers.forEach(WorkerSource::retire);
      return null;
    });
  }

  @Override
  public Future<?> stop() {
    if (runStatusWatcher != null) {
      runStatusWatcher.close();
    }
    return ledger == null ? Future.succeededFuture() : ledger.close();
  }

  Duration drainTimeout() {
    return configuration.limits().drain();
  }

  Future<Void> drain(Duration patience) {
    Objects.requireNonNull(inboxPoller, "the host has started").setAgents(List.of());
    neighbours.leave();
    runCoordinator().drain();
    long limit = vertx.setTimer(Math.max(1, patience.toMillis()), over -> stopNow());
    return runCoordinator().awaitIdle().onComplete(settled -> vertx.cancelTimer(limit))
        .eventually(() -> runCoordinator().close())
        .eventually(() -> retireWorkers(configuration.workers()))
        .eventually(() -> traceExporter == null ? Future.succeededFuture() : traceExporter.flush())
        .eventually(neighbours::close);
  }

  void stopNow() {
    runCoordinator().stopNow();
  }

  private final class Shown implements Here {

    @Override
    public Optional<String> agentOf(HttpServerRequest request) {
      return agents.accessKeys().ownerOf(request).map(HostedAgent::name);
    }

    @Override
    public Future<Boolean> knows(RunId run) {
      return runCoordinator().find(run).map(Optional::isPresent);
    }

    @Override
    public Future<Void> takeOver(Path directory) {
      return admissionService().absorb(directory)
          .compose(taken -> vertx.<Void>executeBlocking(() -> {
            GroupCommitRecovery.separate(journalsDirectory());
            return null;
          }, false))
          .onSuccess(found -> recover());
    }
  }
}
