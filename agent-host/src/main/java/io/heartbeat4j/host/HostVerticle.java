package io.heartbeat4j.host;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.multibindings.OptionalBinder;
import com.google.inject.util.Modules;
import io.heartbeat4j.client.ClientOptions;
import io.heartbeat4j.client.Paperclip;
import io.heartbeat4j.heartbeat.Heartbeat;
import io.heartbeat4j.heartbeat.HeartbeatModule;
import io.heartbeat4j.heartbeat.event.HeartbeatListener;
import io.heartbeat4j.heartbeat.recovery.OfflineRecovery;
import io.heartbeat4j.heartbeat.work.ProviderGateRegistry;
import io.heartbeat4j.heartbeat.work.WorkerSource;
import io.heartbeat4j.host.cluster.Here;
import io.heartbeat4j.host.cluster.Neighbours;
import io.heartbeat4j.host.config.HostConfiguration;
import io.heartbeat4j.host.gateway.GatewayRoutes;
import io.heartbeat4j.host.gateway.HttpAdapterRoutes;
import io.heartbeat4j.host.gateway.SocketRoutes;
import io.heartbeat4j.host.run.Beats;
import io.heartbeat4j.host.run.BoardWatch;
import io.heartbeat4j.host.run.Door;
import io.heartbeat4j.host.run.HostedAgent;
import io.heartbeat4j.host.run.Lanes;
import io.heartbeat4j.host.run.Leftovers;
import io.heartbeat4j.host.run.Runs;
import io.heartbeat4j.host.run.RunsListener;
import io.heartbeat4j.host.run.Timers;
import io.heartbeat4j.host.seen.Metrics;
import io.heartbeat4j.host.seen.Recent;
import io.heartbeat4j.host.seen.Traces;
import io.heartbeat4j.host.seen.ViewRoutes;
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

/** The host's event loop: puts the parts together, and everything but the work happens here. */
final class HostVerticle extends VerticleBase {

  private static final Logger LOG = LoggerFactory.getLogger(HostVerticle.class);
  private static final long RESUME_AGAIN_MILLIS = 2_000;
  private static final long OPEN_AGAIN_MILLIS = 250;
  private static final int MOST_TRIES = 40;
  private static final int MOST_CONNECTIONS = 64;
  private static final int LANES = Runtime.getRuntime().availableProcessors();

  private final Services services;
  private final Neighbours neighbours;
  private final HostedAgents agents;
  private final Metrics metrics = new Metrics();
  private final Recent recent = new Recent();
  private HostConfiguration configuration;
  private @Nullable Timers timers;
  private @Nullable Door door;
  private @Nullable BoardWatch board;
  private @Nullable Leftovers leftovers;
  private @Nullable Traces traces;
  private @Nullable GroupCommitLog ledger;
  private volatile @Nullable Runs runs;
  private volatile int port;

  HostVerticle(HostConfiguration configuration, Services services, Neighbours neighbours) {
    this.configuration = configuration;
    this.services = services;
    this.neighbours = neighbours;
    this.agents = new HostedAgents(
        url -> Paperclip.connect(
            vertx, url, ClientOptions.defaults().withPoolSize(MOST_CONNECTIONS).withLoops(LANES + 1)), // and the host's own
        new ProviderGateRegistry(services.clock(), services.random()));
  }

  Context loop() {
    return context;
  }

  int port() {
    return port;
  }

  @Override
  public Future<?> start() {
    agents.set(configuration);
    BoardWatch watch = new BoardWatch(vertx);
    board = watch;
    List<RunsListener> listeners = new ArrayList<>(services.listeners());
    listeners.addAll(List.of(watch, metrics, recent, neighbours));
    configuration.tracing().ifPresent(to -> {
      Traces sent = new Traces(vertx, to, services.random());
      traces = sent;
      listeners.add(sent);
    });
    return openLedger().compose(opened -> {
      ledger = opened;
      return start(opened, watch, listeners).recover(failed ->
          opened.close().transform(closed -> Future.failedFuture(failed)));
    });
  }

  private Future<?> start(GroupCommitLog opened, BoardWatch watch, List<RunsListener> listeners) {
    Injector core = core(opened);
    return Lanes.open(vertx, LANES)
        .compose(lanes -> openRuns(
                new Beats(core.getInstance(Heartbeat.class), lanes, services.redactor(), services.clock(), services.exitCodes()),
                listeners, configuration.cluster().isPresent() ? MOST_TRIES : 1)
            .compose(all -> {
              runs = all;
              door = all.door();
              leftovers = new Leftovers(journals(), core.getInstance(OfflineRecovery.class), lanes, all, context);
              watch.tell(all);
              metrics.watch(all, vertx, journals(), opened);
              return listen(all).recover(failed -> all.close().transform(closed -> Future.failedFuture(failed)));
            }))
        .onSuccess(listening -> {
          resume();
          timers = new Timers(vertx, services.random(), neighbours::isHome);
          timers.set(agents.all());
          neighbours.open(new Shown());
        });
  }

  private Path journals() {
    return HostedAgent.memories(configuration.stateDirectory());
  }

  /** Where the heartbeats note what they have in hand, once what dead hosts had in theirs can be found. */
  private Future<GroupCommitLog> openLedger() {
    Path journals = journals();
    return vertx.executeBlocking(() -> {
      try {
        GroupCommitRecovery.separate(journals);
        return GroupCommitLog.open(journals, write -> vertx.executeBlocking(Executors.callable(write), false));
      } catch (IOException unwritable) {
        throw new UncheckedIOException("the journals in " + journals + " can't be kept: set 'state-dir' to a directory that"
            + " this user can write", unwritable);
      }
    }, false);
  }

  /** Another host may be about to take over what this one's last run has left: that is a moment's work. */
  private Future<Runs> openRuns(Beats beats, List<RunsListener> listeners, int tries) {
    return vertx.executeBlocking(() -> Runs.open(context, services.clock(), configuration.runsDirectory(),
            configuration.limits(), beats, listeners, neighbours))
        .recover(taken -> tries == 1 ? Future.failedFuture(taken)
            : vertx.timer(OPEN_AGAIN_MILLIS, TimeUnit.MILLISECONDS).compose(again -> openRuns(beats, listeners, tries - 1)));
  }

  private Injector core(GroupCommitLog opened) {
    Module standard = new HeartbeatModule(vertx, services.clock(), services.redactor());
    Module listening = new AbstractModule() {
      @Override
      protected void configure() {
        OptionalBinder.newOptionalBinder(binder(), GroupCommitLog.class).setBinding().toInstance(opened);
        Multibinder.newSetBinder(binder(), HeartbeatListener.class).addBinding()
            .toInstance(event -> open().on(event));
      }
    };
    return Guice.createInjector(Modules.override(standard).with(services.policies()), listening);
  }

  private Future<?> listen(Runs open) {
    Entrances entrances = new Entrances(vertx, configuration.listening(), configuration.limits());
    Future<?> http = entrances.http(router -> {
      neighbours.mount(router, new Shown());
      new GatewayRoutes(door(), open, agents::keys).mount(router);
      new HttpAdapterRoutes(door(), open, agents::keys).mount(router);
      new ViewRoutes(open, recent, metrics, agents::all, agents::servers,
          configuration.listening().viewKey()).mount(router);
    }).onSuccess(server -> port = server.actualPort());
    Future<?> socket = configuration.listening().socket()
        .<Future<?>>map(path -> entrances.socket(path, router ->
            new SocketRoutes(door(), open, agents::all).mount(router)))
        .orElseGet(Future::succeededFuture);
    return Future.all(http, socket);
  }

  /** What an earlier host has left, as soon as the server answers for it. */
  private void resume() {
    door().resume(agents.byName())
        .onSuccess(resumed -> Objects.requireNonNull(leftovers, "the host has started").finish(agents.all()))
        .onFailure(unreachable -> {
          LOG.warn("what was left unfinished can't be taken up yet: {}", unreachable.toString());
          vertx.setTimer(RESUME_AGAIN_MILLIS, again -> resume());
        });
  }

  private Runs open() {
    return Objects.requireNonNull(runs, "the host has started");
  }

  private Door door() {
    return Objects.requireNonNull(door, "the host has started");
  }

  Future<Void> reload(HostConfiguration other) {
    Set<WorkerSource> old = configuration.workers();
    configuration = other;
    agents.set(other);
    open().limit(other.limits());
    Objects.requireNonNull(timers, "the host has started").set(agents.all());
    old.removeAll(other.workers());
    return retire(old);
  }

  /** Closing a worker may end processes of its own. */
  private Future<Void> retire(Set<WorkerSource> workers) {
    return vertx.executeBlocking(() -> {
      workers.forEach(WorkerSource::retire);
      return null;
    });
  }

  @Override
  public Future<?> stop() {
    if (board != null) {
      board.close();
    }
    return ledger == null ? Future.succeededFuture() : ledger.close();
  }

  Duration patience() {
    return configuration.limits().drain();
  }

  Future<Void> drain(Duration patience) {
    Objects.requireNonNull(timers, "the host has started").set(List.of());
    neighbours.leave();
    open().drain();
    long limit = vertx.setTimer(Math.max(1, patience.toMillis()), over -> hurry());
    return open().idle().onComplete(settled -> vertx.cancelTimer(limit)).eventually(() -> open().close())
        .eventually(() -> retire(configuration.workers()))
        .eventually(() -> traces == null ? Future.succeededFuture() : traces.send())
        .eventually(neighbours::close);
  }

  void hurry() {
    open().hurry();
  }

  private final class Shown implements Here {

    @Override
    public Optional<String> agentOf(HttpServerRequest request) {
      return agents.keys().ownerOf(request).map(HostedAgent::name);
    }

    @Override
    public Future<Boolean> knows(RunId run) {
      return open().find(run).map(Optional::isPresent);
    }

    @Override
    public Future<Void> takeOver(Path directory) {
      return door().inherit(directory)
          .compose(taken -> vertx.<Void>executeBlocking(() -> {
            GroupCommitRecovery.separate(journals());
            return null;
          }, false))
          .onSuccess(found -> resume());
    }
  }
}
