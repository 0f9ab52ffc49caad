package io.heartbeat4j.heartbeat;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.Multibinder;
import io.heartbeat4j.heartbeat.redact.Redactor;
import io.vertx.core.Vertx;
import java.time.Clock;

/**
 * The heartbeat, for a distribution to compose: install it, bind what is to be different ({@link
 * io.heartbeat4j.heartbeat.policy.EscalationPolicy}, {@link io.heartbeat4j.heartbeat.policy.ApprovalPolicy}), and add
 * {@link HeartbeatListener}s with a {@link Multibinder}.
 */
public final class HeartbeatModule extends AbstractModule {

  private final Vertx vertx;
  private final Clock clock;
  private final Redactor redactor;

  public HeartbeatModule(Vertx vertx, Clock clock, Redactor redactor) {
    this.vertx = vertx;
    this.clock = clock;
    this.redactor = redactor;
  }

  @Override
  protected void configure() {
    bind(Vertx.class).toInstance(vertx);
    bind(Clock.class).toInstance(clock);
    bind(Redactor.class).toInstance(redactor);
    Multibinder.newSetBinder(binder(), HeartbeatListener.class);
  }
}
