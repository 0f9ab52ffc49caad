package io.heartbeat4j.simulation;

import io.heartbeat4j.heartbeat.outcome.WorkFailure;
import io.heartbeat4j.embedded.rules.RunStartRequest;
import io.heartbeat4j.embedded.rules.VirtualTimeScheduler;
import io.heartbeat4j.storage.ClaimLostException;
import io.heartbeat4j.storage.FencedStorage;
import io.heartbeat4j.storage.MemoryDatabase;
import io.heartbeat4j.storage.MemorySession;
import io.heartbeat4j.storage.Storage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * One process of several hosts: accepts runs, takes over those of hosts that are gone, and can die, or sleep. The rules
 * are those of the real host: an accepted run is a claimed record, and so is the lock of an agent's issue.
 */
final class SimulatedHost implements MemoryDatabase.Link {

  static final Duration LEASE = Duration.ofSeconds(15);
  static final String OPEN = "_runs/open";

  private static final Duration TAKEOVER = Duration.ofSeconds(2);
  private static final Duration LOCK_RETRY = Duration.ofMillis(500);

  /** Plays the heartbeat of a run on a host. */
  interface Heartbeats {
    Future<Integer> run(RunStartRequest run, SimulatedProcess process, Storage storage);
  }

  private final SimulatedFleet fleet;
  private final VirtualTimeScheduler scheduler;
  private final SeededRandom seededRandom;
  private final SimulatedProcess.CurrentProcess currentProcess;
  private final SimulatedProcess self;
  private final MemorySession session;
  private final Map<String, SimulatedProcess> running = new HashMap<>();
  private Instant asleepUntil = Instant.EPOCH;

  SimulatedHost(SimulatedFleet fleet, MemoryDatabase database, VirtualTimeScheduler scheduler,
      SeededRandom seededRandom, SimulatedProcess.CurrentProcess currentProcess) {
    this.fleet = fleet;
    this.scheduler = scheduler;
    this.seededRandom = seededRandom;
    this.currentProcess = currentProcess;
    this.self = new SimulatedProcess(scheduler, currentProcess, "host", "host", this::asleepFor, killed -> died());
    this.session = database.open(this);
    session.onClaimsLost(this::claimsLost);
    every(LEASE.dividedBy(3), session::renew);
    every(TAKEOVER, this::takeOver);
  }

  private void claimsLost() {
    fleet.happened(SimulatedFleet.LATE);
    running.values().forEach(process -> process.act(() -> process.cancellation.request(
        new WorkFailure(WorkFailure.Kind.LEASE_LOST, "This host was out of touch."))));
  }

  private void every(Duration period, Runnable action) {
    self.schedule(period, () -> {
      action.run();
      every(period, action);
    });
  }

  private Duration asleepFor() {
    Duration left = Duration.between(scheduler.now(), asleepUntil);
    return left.isNegative() ? Duration.ZERO : left;
  }

  boolean answers() {
    return !self.isDead() && asleepFor().isZero();
  }

  /** Does nothing for so long, and then goes on where it was: as a suspended virtual machine. */
  void sleep(Duration time) {
    asleepUntil = scheduler.now().plus(time);
  }

  /** Dies with all that it runs; another process is started in its place some time later. */
  void kill() {
    self.kill();
  }

  private void died() {
    running.values().forEach(SimulatedProcess::kill);
    fleet.restart(this);
  }

  /**
   * The database does what it is sent even if the sender has died; the answer may be lost and be had only after
   * connecting again, before or after the change was made.
   */
  @Override
  public <T> Future<T> call(Supplier<T> access) {
    SimulatedProcess sender = currentProcess.now == null ? self : currentProcess.now;
    if (sender.isDead()) {
      return Future.future(never -> {});
    }
    crash(sender, "store:before");
    long before = delay();
    long after = delay();
    Promise<T> answer = Promise.promise();
    scheduler.schedule(Duration.ofMillis(before), () -> {
      Future<T> done = MemoryDatabase.Link.DIRECT.call(access);
      scheduler.schedule(Duration.ofMillis(after), () -> sender.execute(() -> {
        crash(sender, "store:after");
        answer.handle(done);
      }));
    });
    return answer.future();
  }

  private void crash(SimulatedProcess sender, String point) {
    if (sender != self) { // it looks at the database so often that it would hardly live
      seededRandom.crash(point);
    }
  }

  private long delay() {
    return seededRandom.faultsAreOver() || !seededRandom.happens(0.01) ? 1 : seededRandom.intUpTo(20_000);
  }

  /** Persists the run before it is accepted, as the real host does. */
  void accept(RunStartRequest run) {
    self.act(() -> session.claim(OPEN + "/" + run.runId()).onSuccess(claim -> claim.ifPresent(ours -> ours
        .append(run.runId().getBytes(java.nio.charset.StandardCharsets.UTF_8), true)
        .onSuccess(persisted -> begin(run, ours)))));
  }

  private void takeOver() {
    session.claimAll(OPEN).onSuccess(left -> left.forEach(claim -> {
      Optional<RunStartRequest> run = fleet.isOpen(claim.name().substring(OPEN.length() + 1));
      run.ifPresentOrElse(open -> {
        fleet.happened(SimulatedFleet.TAKEN_OVER);
        begin(open, claim);
      }, claim::delete);
    }));
  }

  private void begin(RunStartRequest run, Storage.Claim claim) {
    Supplier<Boolean> term = session.termOfNow();
    BooleanSupplier isOurs = term::get;
    SimulatedProcess process = new SimulatedProcess(scheduler, currentProcess, run.agentId(), run.runId(),
        this::asleepFor, killed -> kill());
    process.writesOnlyWhile(isOurs);
    running.put(run.runId(), process);
    process.act(() -> lock(run, process, isOurs)
        .compose(lock -> fleet.heartbeats().run(run, process, new FencedStorage(session, isOurs).in(run.agentId()))
            .onComplete(over -> {
              fleet.heartbeatEnds(run, process);
              lock.delete();
            }))
        .onComplete(code -> {
          running.remove(run.runId());
          if (isOurs.getAsBoolean()) {
            claim.delete().onSuccess(told -> fleet.ends(run, code.succeeded() ? code.result() : 75));
          }
        }));
  }

  private Future<Storage.Claim> lock(RunStartRequest run, SimulatedProcess process, BooleanSupplier isOurs) {
    Promise<Storage.Claim> acquired = Promise.promise();
    attempt("_locks/" + run.agentId() + "/" + run.context().path("issueId").asText("none"), run, process, isOurs,
        acquired);
    return acquired.future();
  }

  private void attempt(String name, RunStartRequest run, SimulatedProcess process, BooleanSupplier isOurs,
      Promise<Storage.Claim> acquired) {
    if (!isOurs.getAsBoolean()) {
      acquired.fail(new ClaimLostException("another host may execute run " + run.runId()));
      return;
    }
    session.claim(name).onComplete(claim -> {
      if (claim.succeeded() && claim.result().isPresent() && isOurs.getAsBoolean()) {
        fleet.heartbeatBegins(run, process);
        acquired.complete(claim.result().get());
      } else {
        process.schedule(LOCK_RETRY, () -> attempt(name, run, process, isOurs, acquired));
      }
    });
  }

  void stop(String run) {
    SimulatedProcess process = running.get(run);
    if (process != null) {
      process.execute(() -> process.cancellation.request(
          new WorkFailure(WorkFailure.Kind.CANCELLED, "The server stopped the run.")));
    }
  }
}
