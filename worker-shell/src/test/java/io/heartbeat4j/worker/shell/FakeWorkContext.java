package io.heartbeat4j.worker.shell;

import io.heartbeat4j.protocol.Agent;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.AgentStatus;
import io.heartbeat4j.protocol.Ancestor;
import io.heartbeat4j.protocol.Colleague;
import io.heartbeat4j.protocol.Comment;
import io.heartbeat4j.protocol.CommentId;
import io.heartbeat4j.protocol.CompanyId;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.protocol.Priority;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.protocol.UserId;
import io.heartbeat4j.protocol.WakeReason;
import io.heartbeat4j.worker.Budget;
import io.heartbeat4j.worker.CancellationToken;
import io.heartbeat4j.worker.IssueDocument;
import io.heartbeat4j.worker.ProviderGate;
import io.heartbeat4j.worker.ProviderUsage;
import io.heartbeat4j.worker.ReviewAssignment;
import io.heartbeat4j.worker.Trigger;
import io.heartbeat4j.worker.WorkContext;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An issue to work on, with what the worker said about it. */
final class FakeWorkContext implements WorkContext {

  static final Colleague REPORT = new Colleague(
      AgentId.of("00000000-0000-4000-8000-0000000000a2"), "Pia", "engineer", null, null);
  static final Colleague MANAGER = new Colleague(
      AgentId.of("00000000-0000-4000-8000-0000000000a3"), "Cora", "ceo", null, null);

  final List<String> progress = new CopyOnWriteArrayList<>();
  final List<ProviderUsage> usage = new CopyOnWriteArrayList<>();
  Trigger trigger = new Trigger.Assigned(WakeReason.ASSIGNED);
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

  @Override
  public Issue issue() {
    return new Issue(
        IssueId.of("00000000-0000-4000-8000-000000000001"), self().companyId(), "EX-1", "Say \"hello\"",
        "In äll ways.\n",
        IssueStatus.IN_PROGRESS, Priority.HIGH, null, null, null, null, self().id(), null, null, null, null, null, null,
        null, null, null, List.of(), List.of(), null, null);
  }

  @Override
  public List<Ancestor> ancestors() {
    return List.of(new Ancestor(
        IssueId.of("00000000-0000-4000-8000-000000000002"), "EX-0", "Be kind", null, IssueStatus.TODO, null));
  }

  static Comment said(String body) {
    return new Comment(CommentId.of("00000000-0000-4000-8000-0000000000c1"), null, "user", null, new UserId("someone"),
        null, body, Instant.parse("2026-01-31T08:00:00Z"));
  }

  @Override
  public List<Comment> comments() {
    return List.of(said("Please."));
  }

  @Override
  public Trigger trigger() {
    return trigger;
  }

  @Override
  public Optional<ReviewAssignment> review() {
    return Optional.ofNullable(reviewAssignment);
  }

  @Override
  public Agent self() {
    return new Agent(AgentId.of("00000000-0000-4000-8000-0000000000a1"),
        CompanyId.of("00000000-0000-4000-8000-00000000000c"), "Wren", "engineer", null, AgentStatus.RUNNING, null, null,
        0, 0, null, null, List.of(MANAGER), null, null);
  }

  @Override
  public Optional<String> instructions() {
    return Optional.empty();
  }

  @Override
  public List<Colleague> reports() {
    return List.of(REPORT);
  }

  @Override
  public RunId run() {
    return RunId.of("00000000-0000-4000-8000-00000000000f");
  }

  @Override
  public boolean isReadOnly() {
    return readOnly;
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
        throw new UnsupportedOperationException("the shell worker looks by itself");
      }
    };
  }

  @Override
  public void reportProgress(String line) {
    progress.add(line);
  }

  @Override
  public void reportUsage(ProviderUsage more) {
    usage.add(more);
  }

  @Override
  public void comment(String body) {
    throw new UnsupportedOperationException("the shell worker posts nothing in mid-work");
  }

  @Override
  public Path scratchDirectory() {
    return directory;
  }

  @Override
  public Path stateDirectory() {
    return directory;
  }

  @Override
  public Optional<Path> workspaceDirectory() {
    return Optional.ofNullable(workspace);
  }

  @Override
  public Optional<String> goalTitle() {
    return Optional.of("Ship it");
  }

  @Override
  public Budget budget() {
    return Budget.UNLIMITED;
  }

  @Override
  public ProviderGate providerGate(String account) {
    throw new UnsupportedOperationException("a command asks no provider of the runtime");
  }

  @Override
  public Optional<IssueDocument> document(String key) {
    return Optional.empty();
  }

  @Override
  public IssueDocument putDocument(String key, String title, String body, @Nullable String base) {
    throw new UnsupportedOperationException("a command writes no documents");
  }

  @Override
  public String redact(String text) {
    return text;
  }

  @Override
  public Logger logger() {
    return LoggerFactory.getLogger("worker");
  }
}
