package io.heartbeat4j.worker.shell;

import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.CommentId;
import io.heartbeat4j.protocol.CompanyId;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.protocol.Priority;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.protocol.WakeReason;
import io.heartbeat4j.worker.AgentView;
import io.heartbeat4j.worker.Author;
import io.heartbeat4j.worker.Budget;
import io.heartbeat4j.worker.CancellationToken;
import io.heartbeat4j.worker.CommentView;
import io.heartbeat4j.worker.Company;
import io.heartbeat4j.worker.IssueActions;
import io.heartbeat4j.worker.IssueThread;
import io.heartbeat4j.worker.IssueView;
import io.heartbeat4j.worker.ProviderGate;
import io.heartbeat4j.worker.ProviderUsage;
import io.heartbeat4j.worker.RelatedIssue;
import io.heartbeat4j.worker.ReviewAssignment;
import io.heartbeat4j.worker.Trigger;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.CurrentRun;
import io.heartbeat4j.worker.WorkUsage;
import io.heartbeat4j.worker.Workspace;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An issue to work on, which records what the worker reports. */
final class FakeWorkContext implements WorkContext {

  static final AgentView REPORT = agent("00000000-0000-4000-8000-0000000000a2", "Pia", "engineer");
  static final AgentView MANAGER = agent("00000000-0000-4000-8000-0000000000a3", "Cora", "ceo");

  final List<String> progress = new CopyOnWriteArrayList<>();
  final List<ProviderUsage> usage = new CopyOnWriteArrayList<>();
  Trigger trigger = new Trigger.Assigned(Optional.of(WakeReason.ASSIGNED));
  boolean readOnly;
  @Nullable
  Path workspace;
  @Nullable
  ReviewAssignment reviewAssignment;
  private final Path directory;
  private volatile boolean stopped;

  FakeWorkContext(Path directory) {
    this.directory = directory;
  }

  void stop() {
    stopped = true;
  }

  private static AgentView agent(String id, String name, String role) {
    return new AgentView(AgentId.of(id), name, Optional.of(role), Optional.empty());
  }

  static CommentView said(String body) {
    return new CommentView(CommentId.of("00000000-0000-4000-8000-0000000000c1"),
        new Author(Author.Kind.USER, Optional.of("someone")), body, Optional.of(Instant.parse("2026-01-31T08:00:00Z")));
  }

  @Override
  public IssueView issue() {
    return new IssueView(IssueId.of("00000000-0000-4000-8000-000000000001"), Optional.of("EX-1"), "Say \"hello\"",
        "In äll ways.\n", IssueStatus.IN_PROGRESS, Optional.of(Priority.HIGH), Author.Kind.USER, Optional.empty(),
        Optional.empty(), Optional.empty(), Optional.of("Ship it"), List.of(), List.of(new RelatedIssue(
            IssueId.of("00000000-0000-4000-8000-000000000002"), Optional.of("EX-0"), "Be kind", "",
            Optional.of(IssueStatus.TODO))));
  }

  @Override
  public IssueThread thread() {
    return new IssueThread(List.of(said("Please.")), trigger);
  }

  @Override
  public Company company() {
    return new Company() {
      @Override
      public CompanyId id() {
        return CompanyId.of("00000000-0000-4000-8000-00000000000c");
      }

      @Override
      public AgentView self() {
        return agent("00000000-0000-4000-8000-0000000000a1", "Wren", "engineer");
      }

      @Override
      public Optional<AgentView> manager() {
        return Optional.of(MANAGER);
      }

      @Override
      public List<AgentView> reports() {
        return List.of(REPORT);
      }

      @Override
      public Optional<String> instructions() {
        return Optional.empty();
      }
    };
  }

  @Override
  public Workspace workspace() {
    return new Workspace() {
      @Override
      public Optional<Path> directory() {
        return Optional.ofNullable(workspace);
      }

      @Override
      public Path scratchDirectory() {
        return directory;
      }

      @Override
      public Path stateDirectory() {
        return directory;
      }
    };
  }

  @Override
  public WorkUsage usage() {
    return new WorkUsage() {
      @Override
      public Budget budget() {
        return Budget.UNLIMITED;
      }

      @Override
      public void report(ProviderUsage used) {
        usage.add(used);
      }

      @Override
      public ProviderGate providerGate(String account) {
        throw new UnsupportedOperationException("the shell worker uses no gate");
      }
    };
  }

  @Override
  public IssueActions actions() {
    throw new UnsupportedOperationException("the shell worker writes nothing before its result");
  }

  @Override
  public CurrentRun run() {
    return new CurrentRun() {
      @Override
      public RunId id() {
        return RunId.of("00000000-0000-4000-8000-00000000000f");
      }

      @Override
      public Optional<Instant> deadline() {
        return Optional.empty();
      }

      @Override
      public CancellationToken cancellation() {
        return new CancellationToken() {
          @Override
          public boolean isRequested() {
            return stopped;
          }

          @Override
          public void onRequested(Runnable action) {
            throw new UnsupportedOperationException("the shell worker polls");
          }
        };
      }

      @Override
      public void reportProgress(String line) {
        progress.add(line);
      }

      @Override
      public void reportSession(String id) {}

      @Override
      public String redact(String text) {
        return text;
      }

      @Override
      public Logger logger() {
        return LoggerFactory.getLogger("worker");
      }
    };
  }

  @Override
  public boolean isReadOnly() {
    return readOnly;
  }

  @Override
  public Optional<ReviewAssignment> review() {
    return Optional.ofNullable(reviewAssignment);
  }
}
