package io.heartbeat4j.cli.dev;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.multibindings.Multibinder;
import io.heartbeat4j.client.ClientOptions;
import io.heartbeat4j.client.PaperclipClient;
import io.heartbeat4j.client.Scheduler;
import io.heartbeat4j.embedded.InProcessWake;
import io.heartbeat4j.heartbeat.Heartbeat;
import io.heartbeat4j.heartbeat.HeartbeatModule;
import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.heartbeat4j.heartbeat.event.HeartbeatListener;
import io.heartbeat4j.heartbeat.memory.AgentMemory;
import io.heartbeat4j.heartbeat.outcome.HeartbeatOutcome;
import io.heartbeat4j.heartbeat.outcome.WorkFailure;
import io.heartbeat4j.heartbeat.wake.EnvironmentWakeReader;
import io.heartbeat4j.heartbeat.wake.WakeRequest;
import io.heartbeat4j.heartbeat.work.AgentSetup;
import io.heartbeat4j.heartbeat.work.WorkLimits;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.storage.FileStorage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs the heartbeat of a wake as {@code heartbeat run} does, in this JVM. */
final class HeartbeatRunner {

  private final Vertx vertx;
  private final Redactor redactor;
  private final SessionEvents events;
  private final Path directory;
  private final Path project;

  /**
   * @param directory of the session's files
   * @param project to which a relative workspace belongs
   */
  HeartbeatRunner(Vertx vertx, Redactor redactor, SessionEvents events, Path directory, Path project) {
    this.vertx = vertx;
    this.redactor = redactor;
    this.events = events;
    this.directory = directory;
    this.project = project;
  }

  /** Starts the heartbeat; the result is its outcome in one line. */
  Future<String> start(InProcessWake wake, LoadedWorker worker, DevRun run) {
    WakeRequest request = EnvironmentWakeReader.read(environment(wake, worker));
    AtomicBoolean handingOver = new AtomicBoolean();
    wake.cancelled().onSuccess(stopped -> {
      if (!handingOver.get()) {
        run.stop(new WorkFailure(WorkFailure.Kind.CANCELLED, "The server stopped the run."));
      }
    });
    HeartbeatListener listener = event -> {
      if (event.kind() == HeartbeatEvent.Kind.HANDING_OVER) {
        handingOver.set(true);
      }
      events.step(event);
    };
    Heartbeat heartbeat = Guice.createInjector(
        new HeartbeatModule(Scheduler.of(vertx, Clock.systemUTC()), run.threads(), redactor),
        new AbstractModule() {
          @Override
          protected void configure() {
            Multibinder.newSetBinder(binder(), HeartbeatListener.class).addBinding().toInstance(listener);
          }
        }).getInstance(Heartbeat.class);
    PaperclipClient server = PaperclipClient.connect(vertx, request.server(), ClientOptions.defaults());
    run.onKill(server::close);
    Promise<HeartbeatOutcome> outcome = Promise.promise();
    vertx.runOnContext(go -> heartbeat.run(server, request, setup(request, worker), run.cancellation())
        .eventually(server::close)
        .onComplete(outcome));
    return outcome.future().map(HeartbeatOutcome::summary);
  }

  private Map<String, String> environment(InProcessWake wake, LoadedWorker worker) {
    Map<String, String> environment = new HashMap<>(wake.environment());
    Path workspace = worker.settings().workspace().map(project::resolve).orElse(directory.resolve("workspace"));
    environment.put("PAPERCLIP_WORKSPACE_CWD", workspace.toString());
    return environment;
  }

  private AgentSetup setup(WakeRequest request, LoadedWorker worker) {
    Path state = directory.resolve("state");
    FileStorage storage = FileStorage.on(vertx, state, Clock.systemUTC());
    return new AgentSetup(
        worker::worker,
        new WorkLimits(worker.settings().timeout(), WorkLimits.DEFAULT.silence(), WorkLimits.DEFAULT.grace()),
        AgentMemory.of(storage, state, request.server(), request.company(), request.agent(), events::line),
        directory.resolve("scratch"));
  }
}
