package io.heartbeat4j.heartbeat;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.multibindings.OptionalBinder;
import io.heartbeat4j.client.Loop;
import io.heartbeat4j.heartbeat.event.HeartbeatListener;
import io.heartbeat4j.heartbeat.policy.HeartbeatLimits;
import io.heartbeat4j.heartbeat.work.WorkerThreadStarter;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.storage.GroupCommitLog;
import io.vertx.core.Vertx;
import java.time.Clock;

/**
 * The heartbeat, for a distribution to compose: install it, bind what is to be different ({@link
 * io.heartbeat4j.heartbeat.policy.EscalationPolicy}, {@link io.heartbeat4j.heartbeat.policy.ApprovalPolicy}), and add
 * {@link HeartbeatListener}s with a {@link Multibinder}.
 */
public final class HeartbeatModule extends AbstractModule {

  private final Loop loop;
  private final WorkerThreadStarter threads;
  private final Redactor redactor;

  public HeartbeatModule(Vertx vertx, Clock clock, Redactor redactor) {
    this(Loop.of(vertx, clock), WorkerThreadStarter.virtual(), redactor);
  }

  /** With a loop and threads of one's own, as a simulation has them. */
  public HeartbeatModule(Loop loop, WorkerThreadStarter threads, Redactor redactor) {
    this.loop = loop;
    this.threads = threads;
    this.redactor = redactor;
  }

  @Override
  protected void configure() {
    bind(Loop.class).toInstance(loop);
    bind(WorkerThreadStarter.class).toInstance(threads);
    bind(Clock.class).toInstance(loop.clock());
    OptionalBinder.newOptionalBinder(binder(), HeartbeatLimits.class).setDefault().toInstance(HeartbeatLimits.DEFAULT);
    OptionalBinder.newOptionalBinder(binder(), GroupCommitLog.class);
    bind(Redactor.class).toInstance(redactor);
    Multibinder.newSetBinder(binder(), HeartbeatListener.class);
  }
}
