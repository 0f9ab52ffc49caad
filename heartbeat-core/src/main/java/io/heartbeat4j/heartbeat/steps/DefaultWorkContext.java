package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.heartbeat.outcome.WorkFailure;
import io.heartbeat4j.heartbeat.outcome.WorkOutcome;
import io.heartbeat4j.heartbeat.work.WorkItem;
import io.heartbeat4j.heartbeat.work.WorkerViewMapper;
import io.heartbeat4j.protocol.Colleague;
import io.heartbeat4j.protocol.CompanyId;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.worker.AgentView;
import io.heartbeat4j.worker.Company;
import io.heartbeat4j.worker.IssueActions;
import io.heartbeat4j.worker.IssueThread;
import io.heartbeat4j.worker.IssueView;
import io.heartbeat4j.worker.ProviderUnavailableException;
import io.heartbeat4j.worker.ReviewAssignment;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.WorkUsage;
import io.heartbeat4j.worker.Workspace;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What the worker is given for one call. Requests to the server run on the heartbeat's event loop. */
final class DefaultWorkContext implements WorkContext {

  private final HeartbeatContext heartbeat;
  private final WorkItem item;
  private final IssueView issue;
  private final IssueThread thread;
  private final Redactor redactor;
  private final EventLoopCaller eventLoop;
  private final WorkerRun run;
  private final ReportedUsage usage;
  private final RequestedActions actions;
  private final ScratchDirectory scratch;
  private volatile boolean stateOpened;
  private volatile Path stateDirectory = Path.of("");

  DefaultWorkContext(HeartbeatContext heartbeat, WorkItem item, Optional<InWorkActions> actions, Redactor redactor) {
    this.heartbeat = heartbeat;
    this.item = item;
    this.issue = WorkerViewMapper.issue(item);
    this.thread = new IssueThread(item.comments().stream().map(WorkerViewMapper::comment).toList(), item.trigger());
    this.redactor = redactor;
    this.eventLoop = new EventLoopCaller(heartbeat.scheduler());
    this.run = new WorkerRun(heartbeat, issue.label(), redactor);
    this.usage = new ReportedUsage(heartbeat, run);
    this.actions = new RequestedActions(heartbeat.session(), heartbeat.self().companyId(), issue.id(), actions,
        redactor, eventLoop);
    this.scratch = new ScratchDirectory(heartbeat.setup().scratch(), issue.label());
  }

  @Override
  public IssueView issue() {
    return issue;
  }

  @Override
  public IssueThread thread() {
    return thread;
  }

  @Override
  public Company company() {
    return new CompanyOfHeartbeat();
  }

  @Override
  public Workspace workspace() {
    return new Directories();
  }

  @Override
  public WorkUsage usage() {
    return usage;
  }

  @Override
  public IssueActions actions() {
    return actions;
  }

  @Override
  public WorkerRun run() {
    return run;
  }

  @Override
  public boolean isReadOnly() {
    return actions.isReadOnly();
  }

  @Override
  public Optional<ReviewAssignment> review() {
    return Optional.ofNullable(item.review());
  }

  private final class CompanyOfHeartbeat implements Company {

    @Override
    public CompanyId id() {
      return heartbeat.self().companyId();
    }

    @Override
    public AgentView self() {
      return WorkerViewMapper.agent(heartbeat.self());
    }

    @Override
    public Optional<AgentView> manager() {
      return heartbeat.self().manager().map(WorkerViewMapper::agent);
    }

    @Override
    public List<AgentView> reports() {
      Stream<Colleague> colleagues = eventLoop.await(() -> heartbeat.session().colleagues(id())).stream();
      return colleagues
          .filter(colleague -> heartbeat.self().id().equals(colleague.reportsTo()))
          .map(WorkerViewMapper::agent)
          .toList();
    }

    @Override
    public Optional<String> instructions() {
      return eventLoop.await(() -> heartbeat.session().instructions(heartbeat.self()));
    }
  }

  private final class Directories implements Workspace {

    @Override
    public Optional<Path> directory() {
      return Optional.ofNullable(heartbeat.wake().facts().workspace()).map(Path::of).filter(Files::isDirectory);
    }

    @Override
    public Path scratchDirectory() {
      return scratch.path();
    }

    /** Where it can't be created, the scratch directory takes its place: the work goes on and remembers nothing. */
    @Override
    public Path stateDirectory() {
      try {
        if (stateOpened) {
          return stateDirectory;
        }
        stateDirectory = heartbeat.setup().memory().workerDirectory(issue.id());
        stateOpened = true;
        return stateDirectory;
      } catch (UncheckedIOException unwritable) {
        run.reportProgress(Objects.requireNonNullElse(unwritable.getMessage(), "the state directory can't be written"));
        return scratchDirectory();
      }
    }
  }

  /** Keeps what the worker has written for the issue, and deletes what it has written for the run. Blocks. */
  void closeDirectories() {
    if (stateOpened) {
      heartbeat.setup().memory().saveWorkerDirectory(issue.id());
    }
    scratch.delete();
  }

  boolean hasOpenDirectories() {
    return stateOpened || scratch.isCreated();
  }

  WorkOutcome failed(WorkFailure.Kind kind, String message) {
    return failed(new WorkFailure(kind, message));
  }

  WorkOutcome failed(WorkFailure failure) {
    return new WorkOutcome.Failed(failure, usage.reported());
  }

  WorkOutcome returned(WorkResult result) {
    return new WorkOutcome.Returned(result, usage.reported());
  }

  /** The provider takes no calls for now: the issue is taken up again when it does. A mention can't wait. */
  WorkOutcome outcomeWhenGateClosed(ProviderUnavailableException closed) {
    String words = String.valueOf(closed.getMessage());
    return isReadOnly()
        ? failed(WorkFailure.Kind.THREW, words)
        : returned(new WorkResult.Later(closed.until(), redactor.redact(words)));
  }

  /** What the worker may return here. */
  WorkResultValidator resultValidator() {
    return new WorkResultValidator(isReadOnly(), review().isPresent());
  }
}
