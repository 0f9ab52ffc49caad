package io.heartbeat4j.heartbeat.steps;

import static io.heartbeat4j.heartbeat.event.HeartbeatEvent.Kind;

import io.heartbeat4j.client.Conflict;
import io.heartbeat4j.client.NotFound;
import io.heartbeat4j.heartbeat.event.Step;
import io.heartbeat4j.heartbeat.outcome.WorkFailure;
import io.heartbeat4j.heartbeat.outcome.WorkOutcome;
import io.heartbeat4j.heartbeat.work.CancellationSource;
import io.heartbeat4j.heartbeat.work.WorkItem;
import io.heartbeat4j.protocol.Agent;
import io.heartbeat4j.protocol.Ancestor;
import io.heartbeat4j.protocol.Colleague;
import io.heartbeat4j.protocol.Comment;
import io.heartbeat4j.protocol.Document;
import io.heartbeat4j.protocol.DocumentWrite;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.worker.Budget;
import io.heartbeat4j.worker.CancellationToken;
import io.heartbeat4j.worker.DocumentChangedException;
import io.heartbeat4j.worker.IssueDocument;
import io.heartbeat4j.worker.ProviderGate;
import io.heartbeat4j.worker.ProviderUnavailableException;
import io.heartbeat4j.worker.ProviderUsage;
import io.heartbeat4j.worker.ReviewAssignment;
import io.heartbeat4j.worker.Trigger;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import io.vertx.core.Future;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** What the worker sees of a heartbeat. Its calls reach the server on the heartbeat's event loop. */
final class DefaultWorkContext implements WorkContext {

  private static final Pattern DOCUMENT_KEY = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");

  private final HeartbeatContext heartbeat;
  private final WorkItem item;
  private final Optional<InWorkActions> actions;
  private final Redactor redactor;
  private final Instant started;
  private final CancellationSource stop = new CancellationSource();
  private final List<ProviderUsage> usage = new CopyOnWriteArrayList<>();
  private volatile Instant lastActivity;
  private final ScratchDirectory scratch;

  DefaultWorkContext(HeartbeatContext heartbeat, WorkItem item, Optional<InWorkActions> midWork, Redactor redactor) {
    this.heartbeat = heartbeat;
    this.item = item;
    this.actions = midWork;
    this.redactor = redactor;
    this.scratch = new ScratchDirectory(heartbeat.setup().scratch(), item.issue().label());
    this.started = heartbeat.clock().instant();
    this.lastActivity = started;
  }

  @Override
  public Issue issue() {
    return item.issue();
  }

  @Override
  public List<Ancestor> ancestors() {
    return item.ancestors();
  }

  @Override
  public List<Comment> comments() {
    return item.comments();
  }

  @Override
  public Trigger trigger() {
    return item.trigger();
  }

  @Override
  public Agent self() {
    return heartbeat.self();
  }

  @Override
  public List<Colleague> reports() {
    return onLoop(() -> heartbeat.session().colleagues(heartbeat.self().companyId())).stream()
        .filter(colleague -> heartbeat.self().id().equals(colleague.reportsTo()))
        .toList();
  }

  @Override
  public Optional<String> instructions() {
    return onLoop(() -> heartbeat.session().instructions(heartbeat.self()));
  }

  @Override
  public Optional<String> goalTitle() {
    return Optional.ofNullable(item.goal());
  }

  @Override
  public RunId run() {
    return heartbeat.run().run();
  }

  @Override
  public boolean isReadOnly() {
    return actions.isEmpty();
  }

  @Override
  public Optional<ReviewAssignment> review() {
    return Optional.ofNullable(item.review());
  }

  @Override
  public Optional<Instant> deadline() {
    Duration total = heartbeat.setup().limits().total();
    return total.isZero() ? Optional.empty() : Optional.of(started.plus(total));
  }

  @Override
  public CancellationToken cancellation() {
    return stop;
  }

  @Override
  public void reportProgress(String line) {
    lastActivity = heartbeat.clock().instant();
    heartbeat.emit(Step.DO_THE_WORK, Kind.PROGRESS, issue().label(), redactor.redact(line));
  }

  @Override
  public void reportUsage(ProviderUsage more) {
    lastActivity = heartbeat.clock().instant();
    usage.add(more);
  }

  @Override
  public void reportSession(String id) {
    heartbeat.emit(Step.DO_THE_WORK, Kind.SESSION, issue().label(), redactor.redact(id));
  }

  @Override
  public Budget budget() {
    Budget left = heartbeat.setup().budget().narrowest(new Budget(null, heartbeat.self().budgetLeft().orElse(null)));
    for (ProviderUsage each : usage) {
      left = left.minus(each);
    }
    return left;
  }

  @Override
  public ProviderGate providerGate(String account) {
    return heartbeat.setup().gates().forAccount(account);
  }

  @Override
  public void comment(String body) {
    InWorkActions held = requireCheckedOut("a comment");
    String clean = redactor.redact(body);
    onLoop(() -> held.comment(clean));
  }

  @Override
  public Optional<IssueDocument> document(String key) {
    return onLoop(() -> heartbeat.session().document(issue().id(), key)
        .map(document -> Optional.of(shown(document)))
        .recover(failure -> failure instanceof NotFound
            ? Future.succeededFuture(Optional.empty())
            : Future.failedFuture(failure)));
  }

  @Override
  public IssueDocument putDocument(String key, String title, String body, @Nullable String baseRevision) {
    InWorkActions held = requireCheckedOut("a document");
    if (!DOCUMENT_KEY.matcher(key).matches()) {
      throw new IllegalArgumentException(
          "'" + key + "' can't be a document's key: lower case letters, digits, - and _");
    }
    DocumentWrite document = DocumentWrite.markdown(redactor.redact(title), redactor.redact(body), baseRevision);
    return shown(onLoop(() -> held.putDocument(key, document)
        .recover(failure -> Future.failedFuture(
            failure instanceof Conflict ? new DocumentChangedException(key) : failure))));
  }

  private static IssueDocument shown(Document document) {
    return new IssueDocument(document.key(), document.title() == null ? document.key() : document.title(),
        document.body(), document.latestRevisionId());
  }

  private InWorkActions requireCheckedOut(String what) {
    return actions
        .orElseThrow(() -> new IllegalStateException(what + " on an issue that is not held: return a Reply instead"));
  }

  @Override
  public String redact(String text) {
    return redactor.redact(text);
  }

  @Override
  public Path scratchDirectory() {
    return scratch.path();
  }

  /** Without a state directory the work goes on in the run's own: it only remembers nothing. */
  @Override
  public Path stateDirectory() {
    try {
      return heartbeat.setup().memory().workerDirectory(issue().id());
    } catch (UncheckedIOException unwritable) {
      reportProgress(String.valueOf(unwritable.getMessage()));
      return scratchDirectory();
    }
  }

  @Override
  public Optional<Path> workspaceDirectory() {
    return Optional.ofNullable(heartbeat.wake().facts().workspace()).map(Path::of).filter(Files::isDirectory);
  }

  @Override
  public Logger logger() {
    return new WorkerLogger(
        "agent " + self().name() + ", run " + run() + ", issue " + issue().label() + ": ", redactor);
  }

  void requestStop() {
    stop.request("the heartbeat is asked to stop");
  }

  Duration timeSinceActivity() {
    return Duration.between(lastActivity, heartbeat.clock().instant());
  }

  ScratchDirectory scratch() {
    return scratch;
  }

  List<ProviderUsage> usage() {
    return List.copyOf(usage);
  }

  WorkOutcome failed(WorkFailure.Kind kind, String message) {
    return new WorkOutcome.Failed(new WorkFailure(kind, message), usage());
  }

  /** The provider takes no calls for now: the issue waits for it. A mention can't wait. */
  WorkOutcome outcomeWhenGateClosed(ProviderUnavailableException closed) {
    String words = String.valueOf(closed.getMessage());
    return isReadOnly()
        ? failed(WorkFailure.Kind.THREW, words)
        : new WorkOutcome.Returned(new WorkResult.Later(closed.until(), redactor.redact(words)), usage());
  }

  /** What the worker may return here. */
  WorkResultValidator resultValidator() {
    return new WorkResultValidator(isReadOnly(), review().isPresent());
  }

  private <T> T onLoop(Supplier<Future<T>> request) {
    Future<T> answer = Future.future(promise -> heartbeat.scheduler().execute(() -> request.get().onComplete(promise)));
    try {
      return answer.toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
    }
  }
}
