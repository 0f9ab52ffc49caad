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
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.NewDocument;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.worker.Budget;
import io.heartbeat4j.worker.Cancellation;
import io.heartbeat4j.worker.DocumentChangedException;
import io.heartbeat4j.worker.GateClosedException;
import io.heartbeat4j.worker.IssueDocument;
import io.heartbeat4j.worker.ProviderGate;
import io.heartbeat4j.worker.Review;
import io.heartbeat4j.worker.Trigger;
import io.heartbeat4j.worker.Usage;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import io.vertx.core.Future;
import java.io.IOException;
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
import org.slf4j.LoggerFactory;

/** What the worker sees of a heartbeat. Its calls reach the server on the heartbeat's event loop. */
final class DefaultWorkContext implements WorkContext {

  private static final Pattern DOCUMENT_KEY = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");

  private final HeartbeatContext heartbeat;
  private final WorkItem item;
  private final Optional<InWorkActions> midWork;
  private final Redactor redactor;
  private final Instant started;
  private final CancellationSource stop = new CancellationSource();
  private final List<Usage> usage = new CopyOnWriteArrayList<>();
  private volatile Instant lastSign;
  private @Nullable Path scratch;

  DefaultWorkContext(HeartbeatContext heartbeat, WorkItem item, Optional<InWorkActions> midWork, Redactor redactor) {
    this.heartbeat = heartbeat;
    this.item = item;
    this.midWork = midWork;
    this.redactor = redactor;
    this.started = heartbeat.clock().instant();
    this.lastSign = started;
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
  public Optional<String> goal() {
    return Optional.ofNullable(item.goal());
  }

  @Override
  public RunId run() {
    return heartbeat.run().run();
  }

  @Override
  public boolean isReadOnly() {
    return midWork.isEmpty();
  }

  @Override
  public Optional<Review> review() {
    return Optional.ofNullable(item.review());
  }

  @Override
  public Optional<Instant> deadline() {
    Duration total = heartbeat.setup().limits().total();
    return total.isZero() ? Optional.empty() : Optional.of(started.plus(total));
  }

  @Override
  public Cancellation cancellation() {
    return stop;
  }

  @Override
  public void progress(String line) {
    lastSign = heartbeat.clock().instant();
    heartbeat.emit(Step.DO_THE_WORK, Kind.PROGRESS, issue().label(), redactor.redact(line));
  }

  @Override
  public void used(Usage more) {
    lastSign = heartbeat.clock().instant();
    usage.add(more);
  }

  @Override
  public void session(String id) {
    heartbeat.emit(Step.DO_THE_WORK, Kind.SESSION, issue().label(), redactor.redact(id));
  }

  @Override
  public Budget budget() {
    Budget left = heartbeat.setup().budget().and(new Budget(null, heartbeat.self().budgetLeft().orElse(null)));
    for (Usage each : usage) {
      left = left.minus(each);
    }
    return left;
  }

  @Override
  public ProviderGate gate(String account) {
    return heartbeat.setup().gates().of(account);
  }

  @Override
  public void comment(String body) {
    InWorkActions held = held("a comment");
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
    InWorkActions held = held("a document");
    if (!DOCUMENT_KEY.matcher(key).matches()) {
      throw new IllegalArgumentException("'" + key + "' can't be a document's key: lower case letters, digits, - and _");
    }
    NewDocument document = NewDocument.markdown(redactor.redact(title), redactor.redact(body), baseRevision);
    return shown(onLoop(() -> held.putDocument(key, document)
        .recover(failure -> Future.failedFuture(
            failure instanceof Conflict ? new DocumentChangedException(key) : failure))));
  }

  private static IssueDocument shown(Document document) {
    return new IssueDocument(document.key(), document.title() == null ? document.key() : document.title(),
        document.body(), document.latestRevisionId());
  }

  private InWorkActions held(String what) {
    return midWork.orElseThrow(() ->
        new IllegalStateException(what + " on an issue that is not held: return a Reply instead"));
  }

  @Override
  public String redact(String text) {
    return redactor.redact(text);
  }

  /** Made at the first call, beneath the run's own temporary directory. */
  @Override
  public synchronized Path scratch() {
    if (scratch == null) {
      try {
        Files.createDirectories(heartbeat.setup().scratch());
        scratch = Files.createTempDirectory(heartbeat.setup().scratch(), "heartbeat-" + issue().label() + "-");
      } catch (IOException unwritable) {
        throw new UncheckedIOException("no scratch directory can be made in " + heartbeat.setup().scratch()
            + ": set TMPDIR to a directory that this user can write", unwritable);
      }
    }
    return scratch;
  }

  /** Without a state directory the work goes on in the run's own: it only remembers nothing. */
  @Override
  public Path state() {
    try {
      return heartbeat.setup().memory().workerDirectory(issue().id());
    } catch (UncheckedIOException unwritable) {
      progress(String.valueOf(unwritable.getMessage()));
      return scratch();
    }
  }

  @Override
  public Optional<Path> workspace() {
    return Optional.ofNullable(heartbeat.wake().facts().workspace()).map(Path::of).filter(Files::isDirectory);
  }

  @Override
  public Logger logger() {
    return LoggerFactory.getLogger("worker." + issue().label());
  }

  void askToStop() {
    stop.request("the heartbeat is asked to stop");
  }

  Duration silence() {
    return Duration.between(lastSign, heartbeat.clock().instant());
  }

  List<Usage> usage() {
    return List.copyOf(usage);
  }

  WorkOutcome failed(WorkFailure.Kind kind, String message) {
    return new WorkOutcome.Failed(new WorkFailure(kind, message), usage());
  }

  /** The provider takes no calls for now: the issue waits for it. A mention can't wait. */
  WorkOutcome whenOpen(GateClosedException closed) {
    String words = String.valueOf(closed.getMessage());
    return isReadOnly()
        ? failed(WorkFailure.Kind.THREW, words)
        : new WorkOutcome.Returned(new WorkResult.Later(closed.until(), redactor.redact(words)), usage());
  }

  /** What the worker may return here. */
  WorkResultValidator fitting() {
    return new WorkResultValidator(isReadOnly(), review().isPresent());
  }

  private <T> T onLoop(Supplier<Future<T>> request) {
    Future<T> answer = Future.future(promise -> heartbeat.scheduler().run(() -> request.get().onComplete(promise)));
    try {
      return answer.toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
    }
  }
}
