package io.heartbeat4j.simulation;

import io.heartbeat4j.client.Loop;
import io.heartbeat4j.embedded.rules.VirtualTime;
import io.heartbeat4j.heartbeat.work.CancellationSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** One process of an agent: what it has planned dies with it. */
final class SimulatedProcess implements Loop {

  /** Thrown through a process to end it where it stands, as {@code kill -9} does. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;

    Killed(String where) {
      super(where, null, false, false);
    }
  }

  private final VirtualTime time;
  private final Running running;
  final String agent;
  final String run;
  final CancellationSource cancellation = new CancellationSource();
  private final Promise<Integer> exit = Promise.promise();
  private boolean dead;

  /** Which process is acting now: there is one thread. */
  static final class Running {
    @Nullable SimulatedProcess now;
  }

  SimulatedProcess(VirtualTime time, Running running, String agent, String run) {
    this.time = time;
    this.running = running;
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

  boolean isDead() {
    return dead;
  }

  /** Dies now; the server hears of it a little later. */
  void kill() {
    if (!dead) {
      dead = true;
      time.after(Duration.ofMillis(1), () -> exit.tryComplete(137));
    }
  }

  /** Does something as this process, if it still lives. */
  void act(Runnable action) {
    if (dead) {
      return;
    }
    SimulatedProcess before = running.now;
    running.now = this;
    try {
      action.run();
    } catch (Killed killed) {
      kill();
    } finally {
      running.now = before;
    }
  }

  @Override
  public Loop here() {
    return this;
  }

  @Override
  public void run(Runnable action) {
    time.after(Duration.ZERO, () -> act(action));
  }

  @Override
  public Timer after(Duration delay, Runnable action) {
    return time.after(delay, () -> act(action))::cancel;
  }

  @Override
  public <T> Future<T> blocking(Callable<T> access) {
    if (dead) {
      return Future.future(never -> { });
    }
    try {
      return Future.succeededFuture(access.call());
    } catch (Exception failed) {
      return Future.failedFuture(failed);
    }
  }

  @Override
  public Clock clock() {
    return clockOf(time);
  }

  static Clock clockOf(VirtualTime time) {
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
        return time.now();
      }
    };
  }

  /** The loop of whichever process is acting: what the shared objects of a simulation are given. */
  static Loop current(VirtualTime time, Running running) {
    return new Loop() {
      private SimulatedProcess now() {
        if (running.now == null) {
          throw new IllegalStateException("no process is acting");
        }
        return running.now;
      }

      @Override
      public Loop here() {
        return now();
      }

      @Override
      public void run(Runnable action) {
        now().run(action);
      }

      @Override
      public Timer after(Duration delay, Runnable action) {
        return now().after(delay, action);
      }

      @Override
      public <T> Future<T> blocking(Callable<T> access) {
        return now().blocking(access);
      }

      @Override
      public Clock clock() {
        return clockOf(time);
      }
    };
  }
}
