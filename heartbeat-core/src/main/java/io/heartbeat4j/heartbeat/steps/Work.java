package io.heartbeat4j.heartbeat.steps;

import static io.heartbeat4j.heartbeat.HeartbeatEvent.Kind;

import io.heartbeat4j.client.Loop;
import io.heartbeat4j.heartbeat.Beat;
import io.heartbeat4j.heartbeat.Briefing;
import io.heartbeat4j.heartbeat.Step;
import io.heartbeat4j.heartbeat.WorkFailure;
import io.heartbeat4j.heartbeat.Worked;
import io.heartbeat4j.heartbeat.WorkerThreads.Running;
import io.heartbeat4j.heartbeat.WorkerThreads;
import io.heartbeat4j.heartbeat.redact.Redactor;
import io.heartbeat4j.worker.GateClosedException;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.Worker;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Step 7: the worker, on a virtual thread of its own, under three clocks. Whatever it does, there is an end: a result that
 * is legal here, or a failure in words. It is asked to stop first, and interrupted after the grace period; a worker that
 * ignores both is left behind, and its result is never used.
 */
public final class Work {

  private final Redactor redactor;
  private final WorkerThreads threads;

  @Inject
  public Work(Redactor redactor, WorkerThreads threads) {
    this.redactor = redactor;
    this.threads = threads;
  }

  /** Works on a held issue. */
  public Future<Worked> perform(Beat beat, Briefing briefing, MidWork midWork) {
    return run(beat, new IssueWork(beat, briefing, Optional.of(midWork), redactor));
  }

  /** Lets the worker answer a mention on an issue that is not held. */
  public Future<Worked> answer(Beat beat, Briefing briefing) {
    return run(beat, new IssueWork(beat, briefing, Optional.empty(), redactor));
  }

  private Future<Worked> run(Beat beat, IssueWork work) {
    Future<Worked> worked = beat.cancellation().isRequested()
        ? Future.succeededFuture(work.failed(WorkFailure.Kind.CANCELLED, beat.cancellation().reason()))
        : start(beat, work);
    return worked.map(ended -> orPostponed(beat, work, ended)).onSuccess(ended -> tell(beat, work, ended));
  }

  /** Work that was put off did not fail: a held issue is taken up again at that time. */
  private static Worked orPostponed(Beat beat, IssueWork work, Worked worked) {
    return worked instanceof Worked.Failed failed && failed.failure().kind() == WorkFailure.Kind.CANCELLED
            && !work.isReadOnly()
        ? beat.cancellation().postponedTo()
            .<Worked>map(at -> new Worked.Returned(
                new WorkResult.Later(at, beat.cancellation().reason()), failed.usage()))
            .orElse(failed)
        : worked;
  }

  private Future<Worked> start(Beat beat, IssueWork work) {
    Promise<Worked> end = Promise.promise();
    Clocks clocks = new Clocks(beat, work, end);
    beat.cancellation().onRequested(() -> beat.loop().run(() ->
        clocks.stop(new WorkFailure(WorkFailure.Kind.CANCELLED, beat.cancellation().reason()))));
    clocks.start(threads.start("worker-" + work.issue().label(), () -> {
      Worked worked = work(beat, work);
      beat.loop().run(() -> end.tryComplete(worked));
    }));
    return end.future().onComplete(done -> clocks.cancel());
  }

  private Worked work(Beat beat, IssueWork work) {
    Worker worker;
    try {
      worker = beat.setup().worker().worker();
    } catch (Exception | LinkageError notSetUp) {
      return work.failed(WorkFailure.Kind.NO_WORKER, words(notSetUp));
    }
    try {
      WorkResult result = worker.perform(work);
      return work.fitting().takes(result)
          ? new Worked.Returned(result, work.usage())
          : work.failed(WorkFailure.Kind.WRONG_RESULT, work.fitting().complaint(result));
    } catch (GateClosedException closed) {
      return work.whenOpen(closed);
    } catch (InterruptedException | java.util.concurrent.CancellationException stopped) {
      return work.failed(WorkFailure.Kind.CANCELLED,
          beat.cancellation().isRequested() ? beat.cancellation().reason() : "the worker was interrupted");
    } catch (Throwable thrown) {
      return work.failed(WorkFailure.Kind.THREW, words(thrown));
    }
  }

  /** An exception in words: its message, or its name where it has none; never a stack trace. */
  private String words(Throwable thrown) {
    String message = thrown.getMessage();
    String text = message == null || message.isBlank()
        ? thrown.getClass().getSimpleName()
        : thrown instanceof Error ? thrown.getClass().getSimpleName() + ": " + message : message;
    return redactor.redact(text.length() > MOST ? text.substring(0, MOST) + "..." : text);
  }

  private static final int MOST = 4_000;

  private static void tell(Beat beat, IssueWork work, Worked worked) {
    switch (worked) {
      case Worked.Returned returned -> beat.tell(Step.DO_THE_WORK, Kind.DONE, work.issue().label(),
          returned.result().getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT));
      case Worked.Failed failed -> beat.tell(Step.DO_THE_WORK, Kind.FAILED, work.issue().label(),
          failed.failure().kind().words() + ": " + failed.failure().message());
    }
  }

  /** The clocks over one piece of work: the total, the start and the silence. Confined to the heartbeat's event loop. */
  private static final class Clocks {

    private final Beat beat;
    private final IssueWork work;
    private final Promise<Worked> end;
    private final List<Loop.Timer> timers = new ArrayList<>();
    private @Nullable Running running;
    private boolean stopping;

    Clocks(Beat beat, IssueWork work, Promise<Worked> end) {
      this.beat = beat;
      this.work = work;
      this.end = end;
    }

    void start(Running work) {
      running = work;
      Duration limit = beat.setup().limits().total();
      if (!limit.isZero()) {
        after(limit, () -> stop(hung("it took longer than " + words(limit))));
      }
      Duration startUp = beat.setup().limits().startUp();
      if (!startUp.isZero()) {
        after(startUp, () -> {
          if (this.work.silence().compareTo(startUp) >= 0) {
            stop(hung("there was no sign of life within " + words(startUp) + " of its start"));
          }
        });
      }
      Duration quiet = beat.setup().limits().silence();
      if (!quiet.isZero()) {
        listen(quiet, quiet);
      }
    }

    private void listen(Duration quiet, Duration rest) {
      after(rest, () -> {
        Duration since = work.silence();
        if (since.compareTo(quiet) >= 0) {
          stop(hung("there was no sign of life for " + words(quiet)));
        } else {
          listen(quiet, quiet.minus(since));
        }
      });
    }

    /** Asks the worker to stop; after the grace period interrupts it and goes on without it. */
    void stop(WorkFailure why) {
      if (stopping || end.future().isComplete()) {
        return;
      }
      stopping = true;
      work.askToStop();
      after(beat.setup().limits().grace(), () -> {
        if (running != null) {
          running.interrupt();
        }
        end.tryComplete(new Worked.Failed(why, work.usage()));
      });
    }

    void cancel() {
      timers.forEach(Loop.Timer::cancel);
    }

    private void after(Duration delay, Runnable action) {
      timers.add(beat.loop().after(delay, action));
    }

    private static WorkFailure hung(String why) {
      return new WorkFailure(WorkFailure.Kind.HUNG, why);
    }

    private static String words(Duration duration) {
      return duration.toString().substring(2).toLowerCase(java.util.Locale.ROOT);
    }
  }
}
