package io.heartbeat4j.heartbeat;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.multibindings.OptionalBinder;
import io.heartbeat4j.client.Scheduler;
import io.heartbeat4j.heartbeat.event.HeartbeatListener;
import io.heartbeat4j.heartbeat.policy.HeartbeatLimits;
import io.heartbeat4j.heartbeat.work.WorkerThreadStarter;
import io.heartbeat4j.redaction.Redactor;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;

/**
 * The heartbeat, for a distribution to compose: install it and bind what is to be different ({@link
 * io.heartbeat4j.heartbeat.policy.EscalationPolicy}, {@link io.heartbeat4j.heartbeat.policy.ApprovalPolicy}, {@link
 * HeartbeatLimits} by an {@link OptionalBinder}).
 */
public final class HeartbeatModule extends AbstractModule {

  private final Scheduler scheduler;
  private final WorkerThreadStarter threads;
  private final Redactor redactor;
  private final List<HeartbeatListener> listeners;

  /** @param listeners are told of every step */
  public HeartbeatModule(Vertx vertx, Clock clock, Redactor redactor, HeartbeatListener... listeners) {
    this(Scheduler.of(vertx, clock), WorkerThreadStarter.virtual(), redactor, listeners);
  }

  /** With a loop and threads of one's own, as a simulation has them. */
  public HeartbeatModule(
      Scheduler scheduler, WorkerThreadStarter threads, Redactor redactor, HeartbeatListener... listeners) {
    this.scheduler = scheduler;
    this.threads = threads;
    this.redactor = redactor;
    this.listeners = List.of(listeners);
  }

  @Override
  protected void configure() {
    bind(Scheduler.class).toInstance(scheduler);
    bind(WorkerThreadStarter.class).toInstance(threads);
    bind(Clock.class).toInstance(scheduler.clock());
    OptionalBinder.newOptionalBinder(binder(), HeartbeatLimits.class).setDefault().toInstance(HeartbeatLimits.DEFAULT);
    bind(Redactor.class).toInstance(redactor);
    Multibinder<HeartbeatListener> all = Multibinder.newSetBinder(binder(), HeartbeatListener.class);
    listeners.forEach(listener -> all.addBinding().toInstance(listener));
  }
}
