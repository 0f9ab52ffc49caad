package io.heartbeat4j.cli;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.multibindings.OptionalBinder;
import io.heartbeat4j.client.ClientOptions;
import io.heartbeat4j.client.PaperclipClient;
import io.heartbeat4j.heartbeat.Heartbeat;
import io.heartbeat4j.heartbeat.HeartbeatModule;
import io.heartbeat4j.heartbeat.event.HeartbeatListener;
import io.heartbeat4j.heartbeat.memory.AgentMemory;
import io.heartbeat4j.heartbeat.outcome.HeartbeatOutcome;
import io.heartbeat4j.heartbeat.policy.HeartbeatLimits;
import io.heartbeat4j.heartbeat.wake.WakeRequest;
import io.heartbeat4j.heartbeat.work.AgentSetup;
import io.heartbeat4j.heartbeat.work.CancellationSource;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.storage.FileStorage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A heartbeat of one agent that has this process for itself.
 *
 * @param listeners are told of every step
 * @param warnings gets one line for each problem that does not stop the heartbeat
 */
record LocalHeartbeat(Vertx vertx, Redactor redactor, RunConfiguration configuration, List<HeartbeatListener> listeners,
    Consumer<String> warnings) {

  /**
   * Runs it on an event loop, where the result completes too.
   *
   * @param environment of the wake: names the scratch directory
   */
  Future<HeartbeatOutcome> run(WakeRequest request, Map<String, String> environment, CancellationSource cancellation) {
    Promise<HeartbeatOutcome> outcome = Promise.promise();
    vertx.runOnContext(go -> {
      Heartbeat heartbeat = Guice
          .createInjector(new HeartbeatModule(vertx, Clock.systemUTC(), redactor), new ConfigurationModule())
          .getInstance(Heartbeat.class);
      AgentSetup setup = new AgentSetup(
          configuration.worker(),
          configuration.workLimits(),
          AgentMemory.of(FileStorage.on(vertx, configuration.stateDirectory(), Clock.systemUTC()),
              configuration.stateDirectory(),
              request.server(),
              request.company(), request.agent(), warnings),
          Path.of(environment.getOrDefault("PAPERCLIP_RUN_SCRATCH_DIR", System.getProperty("java.io.tmpdir"))));
      heartbeat.run(PaperclipClient.connect(vertx, request.server(), ClientOptions.defaults()), request, setup,
          cancellation).onComplete(outcome);
    });
    return outcome.future();
  }

  private final class ConfigurationModule extends AbstractModule {

    @Override
    protected void configure() {
      OptionalBinder.newOptionalBinder(binder(), HeartbeatLimits.class).setBinding()
          .toInstance(configuration.limits());
      Multibinder<HeartbeatListener> all = Multibinder.newSetBinder(binder(), HeartbeatListener.class);
      listeners.forEach(listener -> all.addBinding().toInstance(listener));
    }
  }
}
