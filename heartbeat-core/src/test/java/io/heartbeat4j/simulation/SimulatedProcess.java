package io.heartbeat4j.simulation;

import io.heartbeat4j.client.Scheduler;
import io.heartbeat4j.embedded.rules.VirtualTimeScheduler;
import io.heartbeat4j.heartbeat.work.CancellationSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One process of an agent: what it has planned dies with it. */
final class SimulatedProcess implements Scheduler {

  /** Thrown through a process to end it where it stands, as {@code kill -9} does. */
  static final class KilledError extends Error {
    private static final long serialVersionUID = 1L;

    KilledError(String where) {
      super(where, null, false, false);
    }
  }

  private final VirtualTimeScheduler scheduler;
  private final CurrentProcess currentProcess;
  final String agent;
  final String run;
  final CancellationSource cancellation = new CancellationSource();
  private final Promise<Integer> exit = Promise.promise();
  private final Supplier<Duration> asleepFor;
  private final Consumer<SimulatedProcess> onKill;
  private BooleanSupplier mayWrite = () -> true;
  private boolean dead;

  /** Which process is acting now: there is one thread. */
  static final class CurrentProcess {
    @Nullable
    SimulatedProcess now;
  }

  SimulatedProcess(VirtualTimeScheduler scheduler, CurrentProcess currentProcess, String agent, String run) {
    this(scheduler, currentProcess, agent, run, () -> Duration.ZERO, killed -> {});
  }

  /**
   * A part of a host.
   *
   * @param asleepFor how long it does nothing
   * @param onKill the rest of the host dies with it
   */
  SimulatedProcess(VirtualTimeScheduler scheduler, CurrentProcess currentProcess, String agent, String run,
      Supplier<Duration> asleepFor, Consumer<SimulatedProcess> onKill) {
    this.asleepFor = asleepFor;
    this.onKill = onKill;
    this.scheduler = scheduler;
    this.currentProcess = currentProcess;
    this.agent = agent;
    this.run = run;
  }

  /** Completes with the exit code, 137 after a kill. */
  Future<Integer> exit() {
    return exit.future();
  }

  void exits(int code) {
    if (!dead) {
      dead = true;
      exit.tryComplete(code);
    }
  }

  /** From then on it has to write nothing to the server: another host may do the same work. */
  void writesOnlyWhile(BooleanSupplier allowed) {
    mayWrite = allowed;
  }

  boolean mayWrite() {
    return mayWrite.getAsBoolean();
  }

  boolean isDead() {
    return dead;
  }

  /** Dies now; the server hears of it a little later. */
  void kill() {
    if (!dead) {
      dead = true;
      scheduler.schedule(Duration.ofMillis(1), () -> exit.tryComplete(137));
      onKill.accept(this);
    }
  }

  /** Does something as this process, if it still lives. */
  void act(Runnable action) {
    if (dead) {
      return;
    }
    SimulatedProcess before = currentProcess.now;
    currentProcess.now = this;
    try {
      action.run();
    } catch (KilledError killedError) {
      kill();
    } finally {
      currentProcess.now = before;
    }
  }

  @Override
  public Scheduler onCurrentContext() {
    return this;
  }

  @Override
  public void execute(Runnable action) {
    scheduler.schedule(Duration.ZERO, () -> actAwake(action));
  }

  @Override
  public Timer schedule(Duration delay, Runnable action) {
    return scheduler.schedule(delay, () -> actAwake(action))::cancel;
  }

  private void actAwake(Runnable action) {
    Duration asleep = asleepFor.get();
    if (asleep.isZero()) {
      act(action);
    } else {
      scheduler.schedule(asleep, () -> actAwake(action));
    }
  }

  @Override
  public <T> Future<T> executeBlocking(Callable<T> access) {
    if (dead) {
      return Future.future(never -> {});
    }
    try {
      return Future.succeededFuture(access.call());
    } catch (Exception failed) {
      return Future.failedFuture(failed);
    }
  }

  @Override
  public Clock clock() {
    return clockOf(scheduler);
  }

  static Clock clockOf(VirtualTimeScheduler scheduler) {
    return new Clock() {
      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("virtual time is UTC");
      }

      @Override
      public Instant instant() {
        return scheduler.now();
      }
    };
  }

  /** The loop of whichever process is acting: what the shared objects of a simulation are given. */
  static Scheduler current(VirtualTimeScheduler scheduler, CurrentProcess currentProcess) {
    return new Scheduler() {
      private SimulatedProcess now() {
        if (currentProcess.now == null) {
          throw new IllegalStateException("no process is acting");
        }
        return currentProcess.now;
      }

      @Override
      public Scheduler onCurrentContext() {
        return now();
      }

      @Override
      public void execute(Runnable action) {
        now().execute(action);
      }

      @Override
      public Timer schedule(Duration delay, Runnable action) {
        return now().schedule(delay, action);
      }

      @Override
      public <T> Future<T> executeBlocking(Callable<T> access) {
        return now().executeBlocking(access);
      }

      @Override
      public Clock clock() {
        return clockOf(scheduler);
      }
    };
  }
}
