package io.example.embedded;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import io.heartbeat4j.heartbeat.HeartbeatRunner;
import io.heartbeat4j.redaction.Redactor;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;

/** The agent, for the application's injector, which has a {@link Vertx} and a {@link Clock}. */
final class AgentModule extends AbstractModule {

  private final AgentSettings settings;

  AgentModule(AgentSettings settings) {
    this.settings = settings;
  }

  @Override
  protected void configure() {
    bind(AgentSettings.class).toInstance(settings);
  }

  @Provides
  @Singleton
  HeartbeatRunner heartbeats(Vertx vertx, Clock clock, StockWorker worker) {
    return HeartbeatRunner.builder(vertx, () -> worker, settings.state())
        .clock(clock)
        .redactor(Redactor.of(List.of(settings.key().reveal())))
        .build();
  }
}
