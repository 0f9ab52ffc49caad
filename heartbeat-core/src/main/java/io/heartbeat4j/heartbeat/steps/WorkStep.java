package io.heartbeat4j.heartbeat.steps;

import static io.heartbeat4j.heartbeat.event.HeartbeatEvent.Kind;

import io.heartbeat4j.client.Scheduler;
import io.heartbeat4j.heartbeat.event.Step;
import io.heartbeat4j.heartbeat.outcome.WorkFailure;
import io.heartbeat4j.heartbeat.outcome.WorkOutcome;
import io.heartbeat4j.heartbeat.wal.LogEntry;
import io.heartbeat4j.heartbeat.work.WorkItem;
import io.heartbeat4j.heartbeat.work.WorkerThreadStarter;
import io.heartbeat4j.heartbeat.work.WorkerThreadStarter.RunningWorker;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.worker.ProviderUnavailableException;
import io.heartbeat4j.worker.SettingsException;
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
 * Step 7: calls the worker on a virtual thread of its own, under three time limits. The outcome is a legal result or a
 * described failure. A worker over a limit is asked to stop first and interrupted after the grace period; one that
 * ignores both is abandoned and its result is never used.
 */
public final class WorkStep {

  private final Redactor redactor;
  private final WorkerThreadStarter threads;

  @Inject
  public WorkStep(Redactor redactor, WorkerThreadStarter threads) {
    this.redactor = redactor;
    this.threads = threads;
  }

  /** Works on a checked-out issue. That the worker is called is in the write-ahead log before it is. */
  public Future<WorkOutcome> perform(HeartbeatContext heartbeat, CheckedOutIssue checkedOut, WorkItem item) {
    return checkedOut.entry().recordSending(LogEntry.WORK, null).compose(recorded -> run(heartbeat,
        new DefaultWorkContext(heartbeat, item, Optional.of(InWorkActions.on(checkedOut.lease())), redactor)));
  }

  /** Calls the worker for a mention on an issue that is not checked out. */
  public Future<WorkOutcome> answer(HeartbeatContext heartbeat, WorkItem item) {
    return run(heartbeat, new DefaultWorkContext(heartbeat, item, Optional.empty(), redactor));
  }

  private Future<WorkOutcome> run(HeartbeatContext heartbeat, DefaultWorkContext work) {
    Future<WorkOutcome> worked = heartbeat.cancellation().isRequested()
        ? Future.succeededFuture(work.failed(heartbeat.cancellation().reason()))
        : start(heartbeat, work);
    return worked.map(ended -> asLaterIfPostponed(heartbeat, work, ended))
        .compose(ended -> withReasonOfServer(heartbeat, work, ended))
        .onSuccess(ended -> emitOutcome(heartbeat, work, ended))
        .eventually(() -> closeDirectories(heartbeat, work));
  }

  private static Future<Void> closeDirectories(HeartbeatContext heartbeat, DefaultWorkContext work) {
    return work.hasOpenDirectories()
        ? heartbeat.scheduler().executeBlocking(() -> {
          work.closeDirectories();
          return work;
        }).mapEmpty()
        : Future.succeededFuture();
  }

  /** Work that was put off did not fail: a held issue is taken up again at that time. */
  private static WorkOutcome asLaterIfPostponed(HeartbeatContext heartbeat, DefaultWorkContext work,
      WorkOutcome outcome) {
    return outcome instanceof WorkOutcome.Failed failed && failed.failure().equals(heartbeat.cancellation().reason())
        && !work.isReadOnly()
            ? heartbeat.cancellation().postponedTo()
                .<WorkOutcome>map(at -> work.returned(
                    new WorkResult.Later(at, failed.failure().message())))
                .orElse(failed)
            : outcome;
  }

  /** Who stops a process, or what a gateway's adapter does not tell a host, is in the server's record of the run. */
  private static Future<WorkOutcome> withReasonOfServer(HeartbeatContext heartbeat, DefaultWorkContext work,
      WorkOutcome outcome) {
    return outcome instanceof WorkOutcome.Failed failed && failed.failure().kind() == WorkFailure.Kind.CANCELLED
        && heartbeat.cancellation().isRequested()
            ? heartbeat.session().run(heartbeat.run().run())
                .map(run -> ServerStopReason.of(run).map(work::failed).orElse(failed)).otherwise(failed)
            : Future.succeededFuture(outcome);
  }

  private Future<WorkOutcome> start(HeartbeatContext heartbeat, DefaultWorkContext work) {
    Promise<WorkOutcome> end = Promise.promise();
    Timeouts timeouts = new Timeouts(heartbeat, work, end);
    heartbeat.cancellation().onRequested(() -> heartbeat.scheduler()
        .execute(() -> timeouts.stop(heartbeat.cancellation().reason())));
    timeouts.start(threads.start("worker-" + work.issue().label(), () -> {
      WorkOutcome outcome = work(heartbeat, work);
      heartbeat.scheduler().execute(() -> end.tryComplete(timeouts.explain(outcome)));
    }));
    return end.future().onComplete(done -> timeouts.cancel());
  }

  private WorkOutcome work(HeartbeatContext heartbeat, DefaultWorkContext work) {
    Worker worker;
    try {
      worker = heartbeat.setup().worker().worker();
    } catch (Exception | LinkageError notSetUp) {
      return work.failed(WorkFailure.Kind.NO_WORKER, describe(notSetUp));
    }
    try {
      WorkResult result = worker.perform(work);
      return work.resultValidator().accepts(result)
          ? work.returned(result)
          : work.failed(WorkFailure.Kind.WRONG_RESULT, work.resultValidator().describeViolation(result));
    } catch (ProviderUnavailableException closed) {
      return work.outcomeWhenGateClosed(closed);
    } catch (SettingsException wrong) {
      return work.failed(WorkFailure.Kind.NO_WORKER, describe(wrong));
    } catch (InterruptedException | java.util.concurrent.CancellationException stopped) {
      return work.failed(heartbeat.cancellation().isRequested() ? heartbeat.cancellation().reason()
          : new WorkFailure(WorkFailure.Kind.CANCELLED, "The worker was interrupted."));
    } catch (Throwable thrown) {
      return work.failed(WorkFailure.Kind.THREW, describe(thrown));
    }
  }

  /** An exception in words: its message, or its name where it has none; never a stack trace. */
  private String describe(Throwable thrown) {
    String message = thrown.getMessage();
    String text = message == null || message.isBlank()
        ? thrown.getClass().getSimpleName()
        : thrown instanceof Error ? thrown.getClass().getSimpleName() + ": " + message : message;
    return redactor.redact(text.length() > MAX_MESSAGE_LENGTH ? text.substring(0, MAX_MESSAGE_LENGTH) + "..." : text);
  }

  private static final int MAX_MESSAGE_LENGTH = 4_000;

  private static void emitOutcome(HeartbeatContext heartbeat, DefaultWorkContext work, WorkOutcome outcome) {
    switch (outcome) {
      case WorkOutcome.Returned returned -> heartbeat.emit(Step.DO_THE_WORK, Kind.DONE, work.issue().label(),
          returned.result().getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT));
      case WorkOutcome.Failed failed -> heartbeat.emit(Step.DO_THE_WORK, Kind.FAILED, work.issue().label(),
          failed.failure().kind().description() + ": " + failed.failure().message());
      case WorkOutcome.Held held -> throw new IllegalStateException("held after the work");
      case WorkOutcome.Skipped skipped -> throw new IllegalStateException("the worker was called");
    }
  }

  /** The time limits of one call: total, start-up and silence. Confined to the heartbeat's event loop. */
  private static final class Timeouts {

    private final HeartbeatContext heartbeat;
    private final DefaultWorkContext work;
    private final Promise<WorkOutcome> end;
    private final List<Scheduler.Timer> timers = new ArrayList<>();
    private @Nullable RunningWorker running;
    private @Nullable WorkFailure stopReason;

    Timeouts(HeartbeatContext heartbeat, DefaultWorkContext work, Promise<WorkOutcome> end) {
      this.heartbeat = heartbeat;
      this.work = work;
      this.end = end;
    }

    void start(RunningWorker work) {
      running = work;
      Duration limit = heartbeat.setup().limits().total();
      if (!limit.isZero()) {
        after(limit,
            () -> stop(new WorkFailure(WorkFailure.Kind.TIME_LIMIT, "It took longer than " + words(limit) + ".")));
      }
      Duration startUp = heartbeat.setup().limits().startUp();
      if (!startUp.isZero()) {
        after(startUp, () -> {
          if (this.work.run().timeSinceActivity().compareTo(startUp) >= 0) {
            stop(silent("within " + words(startUp) + " of its start"));
          }
        });
      }
      Duration quiet = heartbeat.setup().limits().silence();
      if (!quiet.isZero()) {
        listen(quiet, quiet);
      }
    }

    private void listen(Duration quiet, Duration rest) {
      after(rest, () -> {
        Duration since = work.run().timeSinceActivity();
        if (since.compareTo(quiet) >= 0) {
          stop(silent("for " + words(quiet)));
        } else {
          listen(quiet, quiet.minus(since));
        }
      });
    }

    /** Asks the worker to stop; after the grace period interrupts it and goes on without it. */
    void stop(WorkFailure why) {
      if (stopReason != null || end.future().isComplete()) {
        return;
      }
      stopReason = why;
      work.run().requestStop(why);
      after(heartbeat.setup().limits().grace(), () -> {
        if (running != null) {
          running.interrupt();
        }
        end.tryComplete(work.failed(why));
      });
    }

    /** A worker that stops as it was asked to doesn't know why it was asked. */
    WorkOutcome explain(WorkOutcome outcome) {
      WorkFailure why = stopReason;
      return why != null && outcome instanceof WorkOutcome.Failed failed
          && failed.failure().kind() == WorkFailure.Kind.CANCELLED ? work.failed(why) : outcome;
    }

    void cancel() {
      timers.forEach(Scheduler.Timer::cancel);
      work.run().end();
    }

    private void after(Duration delay, Runnable action) {
      timers.add(heartbeat.scheduler().schedule(delay, action));
    }

    private static WorkFailure silent(String since) {
      return new WorkFailure(WorkFailure.Kind.SILENT, "There was no sign of life " + since + ".");
    }

    private static String words(Duration duration) {
      return duration.toString().substring(2).toLowerCase(java.util.Locale.ROOT);
    }
  }
}
