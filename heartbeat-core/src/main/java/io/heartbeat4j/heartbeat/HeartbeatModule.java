package io.heartbeat4j.heartbeat;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.multibindings.OptionalBinder;
import io.heartbeat4j.client.Loop;
import io.heartbeat4j.heartbeat.policy.Limits;
import io.heartbeat4j.heartbeat.redact.Redactor;
import io.heartbeat4j.heartbeat.state.Ledger;
import io.vertx.core.Vertx;
import java.time.Clock;

/**
 * The heartbeat, for a distribution to compose: install it, bind what is to be different ({@link
 * io.heartbeat4j.heartbeat.policy.EscalationPolicy}, {@link io.heartbeat4j.heartbeat.policy.ApprovalPolicy}), and add
 * {@link HeartbeatListener}s with a {@link Multibinder}.
 */
public final class HeartbeatModule extends AbstractModule {

  private final Loop loop;
  private final WorkerThreads threads;
  private final Redactor redactor;

  public HeartbeatModule(Vertx vertx, Clock clock, Redactor redactor) {
    this(Loop.of(vertx, clock), WorkerThreads.virtual(), redactor);
  }

  /** With a loop and threads of one's own, as a simulation has them. */
  public HeartbeatModule(Loop loop, WorkerThreads threads, Redactor redactor) {
    this.loop = loop;
    this.threads = threads;
    this.redactor = redactor;
  }

  @Override
  protected void configure() {
    bind(Loop.class).toInstance(loop);
    bind(WorkerThreads.class).toInstance(threads);
    bind(Clock.class).toInstance(loop.clock());
    OptionalBinder.newOptionalBinder(binder(), Limits.class).setDefault().toInstance(Limits.DEFAULT);
    OptionalBinder.newOptionalBinder(binder(), Ledger.class);
    bind(Redactor.class).toInstance(redactor);
    Multibinder.newSetBinder(binder(), HeartbeatListener.class);
  }
}
